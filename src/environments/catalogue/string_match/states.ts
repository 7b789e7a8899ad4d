const NAMES = `DC district of columbia, NH new hampshire, NJ new jersey, NM new mexico, NY new york, NC north carolina,
  ND north dakota, RI rhode island, SC south carolina, SD south dakota, WV west virginia, AL alabama, AK alaska,
  AZ arizona, AR arkansas, CA california, CO colorado, CT connecticut, DE delaware, FL florida, GA georgia, HI hawaii,
  ID idaho, IL illinois, IN indiana, IA iowa, KS kansas, KY kentucky, LA louisiana, ME maine, MD maryland,
  MA massachusetts, MI michigan, MN minnesota, MS mississippi, MO missouri, MT montana, NE nebraska, NV nevada, OH ohio,
  OK oklahoma, OR oregon, PA pennsylvania, TN tennessee, TX texas, UT utah, VT vermont, VA virginia, WA washington,
  WI wisconsin, WY wyoming`;

/** States of the USA in lower case and their postal codes; names that hold another one come first. */
export const STATES: readonly (readonly [name: string, code: string])[] = NAMES.split(/,\s+/).map((entry) => [
  entry.slice(3),
  entry.slice(0, 2),
]);
