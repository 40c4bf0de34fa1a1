"""One line: the numbers of items, of labels that may be bought (enough of them) and of bad items."""

import re
import sys

NUMBER = "(0|[1-9][0-9]{0,6})"

found = re.fullmatch(rb"%b %b %b\n" % ((NUMBER.encode(),) * 3), sys.stdin.buffer.read())
if found is None:
    sys.exit(43)
items, labels, bad = map(int, found.groups())
sys.exit(42 if 1 <= items <= 1_000_000 and items < 2**labels and bad <= items else 43)
