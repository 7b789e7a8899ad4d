"""Runs a program on a pseudo-terminal and passes on what it writes; exits with its code.

on-terminal.py [--columns N] [--hang-up FILE] PROGRAM ARGUMENT...

--columns N      width of the terminal (default 120); it has 24 rows
--hang-up FILE   closes the terminal once there is something in FILE, and then waits for the program to end
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios

args = sys.argv[1:]
options = {"--columns": "120", "--hang-up": ""}
while args[0] in options:
    options[args[0]] = args[1]
    args = args[2:]

pid, terminal = pty.fork()
if pid == 0:
    size = struct.pack("HHHH", 24, int(options["--columns"]), 0, 0)
    fcntl.ioctl(2, termios.TIOCSWINSZ, size)
    os.execvp(args[0], args)

until = options["--hang-up"]
while True:
    if until and os.path.exists(until) and os.path.getsize(until) > 0:
        os.close(terminal)
        break
    if not select.select([terminal], [], [], 0.05)[0]:
        continue
    try:
        data = os.read(terminal, 65536)
    except OSError:  # the program has closed its side
        break
    if not data:
        break
    os.write(1, data)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
