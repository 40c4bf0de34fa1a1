"""A new problem of kind ``interactive``: until the author has another idea, a number that must be guessed."""

from __future__ import annotations

from judge.authoring.scaffolds.names import Names

_JUDGE = """\
judge: 1
kind: interactive
interactor: {file: interactor/interactor.py, cpu_time: 2s, memory: 256MiB}
"""
_STATEMENT = """\
TODO: two or three sentences on where the problem comes from.

Your program speaks with the judge. It reads n, and must find a number from 1 to n: it writes `? x` and reads how the
number compares with x, `<`, `>` or `=`; in the end it writes `! x`. TODO: what is asked and answered.

## Rules

- Flush what you write. TODO: bounds, how many questions are allowed.

Each test has one second of CPU time.

## Examples

| You write | You read |
|---|---|
| | `8` |
| `? 4` | `<` |
| `? 2` | `>` |
| `! 3` | |
"""
_INTERACTOR = '''\
"""TODO: what the judge answers. The input file holds n, and the number that is to be found."""

import sys

ACCEPTED, WRONG = 42, 43
QUESTIONS = 20


def reject(message):
    with open(sys.argv[3] + "teammessage.txt", "w") as file:
        file.write(message)
    sys.exit(WRONG)


def main():
    with open(sys.argv[1]) as file:
        n, hidden = map(int, file.read().split())
    print(n, flush=True)
    for _ in range(QUESTIONS + 1):
        words = sys.stdin.readline(100).split()
        if len(words) != 2 or words[0] not in ("?", "!") or not words[1].isdecimal() or len(words[1]) > 7:
            reject("it wrote a line that is neither a question nor the answer" if words else "it gave no answer")
        x = int(words[1])
        if words[0] == "!":
            sys.exit(ACCEPTED) if x == hidden else reject("it found another number")
        print("=" if hidden == x else "<" if hidden < x else ">", flush=True)
    reject(f"it asked more than {QUESTIONS} questions")


main()
'''
_SOLUTION = '''\
"""{says}."""

low, high = 1, int(input())
while low < high:
    middle = {middle}
    print("?", middle, flush=True)
    reply = input()
    low, high = {step}
print("!", {answer}, flush=True)
'''
_VALIDATOR = '''\
"""TODO: what an input file may hold."""

import re
import sys

text = sys.stdin.read()
match = re.fullmatch(r"([1-9][0-9]{0,5}) ([1-9][0-9]{0,5})\\n", text)
sys.exit(42 if match and int(match[2]) <= int(match[1]) <= 100_000 else 43)
'''
_STEP = '(middle + 1, high) if reply == ">" else (low, middle)'
_OTHER = '(middle, high) if reply in ">=" else (low, middle - 1)'
_MISTAKE = "TODO: a mistake that candidates make; name the file after it"
_TESTS = {"sample/01": (8, 3), "secret/01": (1000, 1), "secret/02": (1000, 1000), "secret/03": (100000, 65432)}
_TALK = "<8\n>? 4\n<<\n>? 2\n<>\n>! 3\n"


def build(names: Names) -> dict[str, str]:
    """The files of the package."""

    def solution(says: str, middle: str = "(low + high) // 2", step: str = _STEP, answer: str = "low") -> str:
        return _SOLUTION.format(says=says, middle=middle, step=step, answer=answer)

    wrong = "submissions/wrong_answer"
    return {
        "problem.yaml": names.metadata("interactive"),
        "judge.yaml": _JUDGE,
        "statement/problem.en.md": _STATEMENT,
        "interactor/interactor.py": _INTERACTOR,
        "input_validators/check.py": _VALIDATOR,
        **{f"data/{name}.in": f"{n} {hidden}\n" for name, (n, hidden) in _TESTS.items()},
        "data/sample/01.interaction": _TALK,
        "submissions/accepted/first_idea.py": solution("TODO: a solution as good candidates write it"),
        "submissions/accepted/another_idea.py": solution(
            "TODO: a solution by another idea", middle="(low + high + 1) // 2", step=_OTHER
        ),
        f"{wrong}/first_mistake.py": solution(_MISTAKE, answer="low + 1"),
        f"{wrong}/second_mistake.py": solution(_MISTAKE, middle="low"),
        f"{wrong}/third_mistake.py": solution(_MISTAKE, answer="high - 1"),
    }
