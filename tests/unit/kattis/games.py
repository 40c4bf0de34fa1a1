"""Validators that take part: an interactor, and one for two passes; programs that meet them."""

from __future__ import annotations

# Thinks of the number in the input file; answers guesses with lower, higher or right, seven of them at most.
INTERACTOR = """\
import sys

secret = int(open(sys.argv[1]).read())
limit = int(sys.argv[4]) if len(sys.argv) > 4 else 7
for _ in range(limit):
    line = sys.stdin.readline()
    try:
        guess = int(line)
    except ValueError:
        print(f"not a guess: {line.strip()[:20]!r}", end="", file=open(sys.argv[3] + "teammessage.txt", "w"))
        sys.exit(43)
    if guess == secret:
        print("right", flush=True)
        sys.exit(42)
    print("higher" if secret > guess else "lower", flush=True)
open(sys.argv[3] + "teammessage.txt", "w").write("too many guesses")
sys.exit(43)
"""
BISECTION = """\
low, high = 1, 100
while True:
    guess = (low + high) // 2
    print(guess, flush=True)
    word = input()
    if word == "right":
        break
    low, high = (guess + 1, high) if word == "higher" else (low, guess - 1)
"""
COMPILED_INTERACTOR = """\
#include <fstream>
#include <iostream>
#include <string>

int main(int, char** argv) {
    int secret = 0, guess = 0;
    std::ifstream(argv[1]) >> secret;
    for (int i = 0; i < 7; i++) {
        if (!(std::cin >> guess)) return 43;
        if (guess == secret) {
            std::cout << "right" << std::endl;
            return 42;
        }
        std::cout << (secret > guess ? "higher" : "lower") << std::endl;
    }
    std::ofstream(std::string(argv[3]) + "teammessage.txt") << "too many guesses";
    return 43;
}
"""
COMPILED_BISECTION = """\
#include <iostream>
#include <string>

int main() {
    int low = 1, high = 100;
    std::string word;
    while (word != "right") {
        int guess = (low + high) / 2;
        std::cout << guess << std::endl;
        std::cin >> word;
        (word == "higher" ? low : high) = word == "higher" ? guess + 1 : guess - 1;
    }
}
"""
NUMBERS = {
    "data/sample/1.in": "50\n",
    "data/sample/1.ans": "",
    "data/sample/1.interaction": "> 50\n< right\n",
    "data/secret/01.in": "1\n",
    "data/secret/01.ans": "",
    "data/secret/02.in": "100\n",
    "data/secret/02.ans": "",
    "submissions/accepted/bisection.py": BISECTION,
}

# Pass 1: the program encodes a number as a word of letters; pass 2: it must find the number again.
RELAY = """\
import os
import sys

given = open(sys.argv[1]).read().split()
feedback, said = sys.argv[3], sys.stdin.read().split()
state = os.path.join(feedback, "kept", "number.txt")
if given[0] == "encode":
    if len(said) != 1 or not said[0].isalpha():
        sys.exit(43)
    os.makedirs(os.path.dirname(state))
    open(state, "w").write(given[1])
    open(feedback + "nextpass.in", "w").write(f"decode {said[0]}\\n")
    sys.exit(42)
assert sorted(os.listdir(feedback)) == ["kept"], os.listdir(feedback)
wanted = open(state).read()
if said != [wanted]:
    open(feedback + "teammessage.txt", "w").write("another number came back")
    sys.exit(43)
sys.exit(42)
"""
CODEC = """\
task, word = input().split()
letters = "abcdefghij"
if task == "encode":
    print("".join(letters[int(digit)] for digit in word))
else:
    print("".join(str(letters.index(letter)) for letter in word))
"""
WORDS = {
    "data/sample/1.in": "encode 7\n",
    "data/sample/1.ans": "",
    "data/secret/01.in": "encode 1234\n",
    "data/secret/01.ans": "",
    "submissions/accepted/codec.py": CODEC,
}
