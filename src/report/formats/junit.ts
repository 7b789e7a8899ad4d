import { toXml, type XmlElement } from './xml.js';

/** One thing that was checked. */
export interface JunitCase {
  /** Dotted; viewers group by it. */
  classname: string;
  name: string;
  /** Seconds. */
  seconds?: number;
  /**
   * `failure`: a check said no. `error`: there is no result to check. `skipped`: deliberately not checked.
   */
  outcome: 'passed' | 'failure' | 'error' | 'skipped';
  /** Kind of the failure or error, e.g. `timeout_idle`. */
  type?: string;
  message?: string;
  output?: string;
}

export interface JunitSuite {
  name: string;
  properties: Readonly<Record<string, string>>;
  cases: readonly JunitCase[];
}

function seconds(value: number): string {
  return value.toFixed(3);
}

function totals(cases: readonly JunitCase[]): Record<string, number | string> {
  const count = (outcome: JunitCase['outcome']): number =>
    cases.filter((one) => one.outcome === outcome).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(cases.reduce((sum, one) => sum + (one.seconds ?? 0), 0)),
  };
}

function testcase(one: JunitCase): XmlElement {
  const children: XmlElement[] = [];
  if (one.outcome === 'skipped') children.push({ name: 'skipped', attributes: { message: one.message } });
  else if (one.outcome !== 'passed') {
    children.push({
      name: one.outcome,
      attributes: { message: one.message, type: one.type ?? one.outcome },
      children: one.message === undefined ? [] : [one.message],
    });
  }
  if (one.output !== undefined) children.push({ name: 'system-out', children: [one.output] });
  return {
    name: 'testcase',
    attributes: { name: one.name, classname: one.classname, time: seconds(one.seconds ?? 0) },
    children,
  };
}

function testsuite(suite: JunitSuite): XmlElement {
  const properties = Object.entries(suite.properties).map(([name, value]) => ({
    name: 'property',
    attributes: { name, value },
  }));
  return {
    name: 'testsuite',
    attributes: { name: suite.name, ...totals(suite.cases) },
    children: [
      ...(properties.length === 0 ? [] : [{ name: 'properties', children: properties }]),
      ...suite.cases.map(testcase),
    ],
  };
}

/** JUnit XML as GitHub, GitLab, Jenkins and Azure read it; valid against Jenkins' schema junit-10.xsd. */
export function toJunit(name: string, suites: readonly JunitSuite[]): string {
  const { tests, failures, errors, time } = totals(suites.flatMap(({ cases }) => cases));
  return toXml({
    name: 'testsuites',
    attributes: { name, tests, failures, errors, time },
    children: suites.map(testsuite),
  });
}
