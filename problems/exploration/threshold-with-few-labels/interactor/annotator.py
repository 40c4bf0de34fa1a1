"""The annotator: the input file holds the number of items, of labels that may be bought, and of bad items."""

import sys

ACCEPTED, WRONG = 42, 43


def reject(message):
    with open(sys.argv[3] + "teammessage.txt", "w") as file:
        file.write(message)
    sys.exit(WRONG)


def number(word):
    """Returns what a program wrote as an integer; None for anything else."""
    if not word.isascii() or not word.isdigit() or len(word) > 7:
        return None
    return int(word)


def label(item, items, bad):
    if item is None or item >= items:
        reject("it asked for an item that there is not")
    print(int(item >= bad), flush=True)


def main():
    with open(sys.argv[1]) as file:
        items, labels, bad = map(int, file.read().split())
    print(items, labels, flush=True)
    bought = 0
    while True:
        words = sys.stdin.readline(100).split()
        if len(words) != 2 or words[0] not in ("?", "!"):
            reject("it wrote a line that is neither a question nor the answer" if words else "it gave no answer")
        if words[0] == "!":
            break
        bought += 1
        if bought > labels:
            reject(f"it asked for more than {labels} labels")
        label(number(words[1]), items, bad)
    if number(words[1]) != bad:
        reject("it found another threshold")
    sys.exit(ACCEPTED)


main()
