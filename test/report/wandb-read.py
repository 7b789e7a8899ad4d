"""Prints the records of a .wandb file as JSON, one a line, with the wandb package's own descriptors.

Packages up to 0.2x also have the reader itself (DataStore); where it is there, it is used.
"""

import struct
import sys
import zlib

from google.protobuf.json_format import MessageToJson
from wandb.proto import wandb_internal_pb2 as pb

BLOCK = 32768


def with_package(path):
    import wandb
    from wandb.sdk.internal.datastore import DataStore

    wandb._assert_is_internal_process = True
    store = DataStore()
    store.open_for_scan(path)
    while (data := store.scan_data()) is not None:
        yield data


def by_format(path):
    content = open(path, "rb").read()
    assert content[:7] == b":W&B\xe1\xbe\x00"
    position, record = 7, b""
    while position < len(content):
        left = BLOCK - position % BLOCK
        if left < 7:
            position += left
            continue
        checksum, length, kind = struct.unpack("<IHB", content[position : position + 7])
        data = content[position + 7 : position + 7 + length]
        assert zlib.crc32(data, zlib.crc32(bytes([kind]))) == checksum
        position += 7 + length
        record += data
        if kind in (1, 4):
            yield record
            record = b""
    assert record == b""


try:
    import wandb.sdk.internal.datastore  # noqa: F401

    read = with_package
except ImportError:
    read = by_format
for data in read(sys.argv[1]):
    message = pb.Record()
    message.ParseFromString(data)
    print(MessageToJson(message, indent=None, preserving_proto_field_name=True))
