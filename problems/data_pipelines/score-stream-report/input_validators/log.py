"""A first line with two numbers, then as many lines as the first of them says."""

import re
import sys

HEAD = re.compile(rb"([1-9][0-9]{0,5}) ([1-9]|10)")
LINE = re.compile(rb"report|add ([1-9][0-9]{0,6}) (-?(?:0|[1-9][0-9]{0,7})\.[0-9]{3})")

text = sys.stdin.buffer.read()
head, *lines = text.split(b"\n")
found = HEAD.fullmatch(head)
if found is None or not lines or lines.pop() != b"" or len(lines) != int(found[1]) or len(lines) > 100_000:
    sys.exit(43)
for line in lines:
    match = LINE.fullmatch(line)
    if match is None or match[1] and (int(match[1]) > 1_000_000 or abs(float(match[2])) > 20_000_000):
        sys.exit(43)
sys.exit(42)
