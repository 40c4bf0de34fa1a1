"""A new problem of kind ``sql``: until the author has another idea, a sum for each user."""

from __future__ import annotations

from judge.authoring.scaffolds.names import Names

_JUDGE = """\
judge: 1
kind: sql
tables: # TODO: the columns of each, with their types
  events: {{user: int, value: int}}
returns: {{user: int, total: int}}
checker: rows # TODO: in any order? docs/checkers/rows.md
reference: {{file: reference/{name}.sql}}
generator: {{file: generators/tables.py}}

# TODO: a group of tests for each mistake that candidates make, with a comment that says which
tests:
  - {{name: small, seed: 100, count: 4, params: {{users: 3, events: 8}}}}
  - {{name: large, seed: 200, count: 3, params: {{users: 20, events: 300}}}}

waivers:
  - {{rule: checker-order, reason: the rows may be in any order}}
"""
_STATEMENT = """\
TODO: two or three sentences on where the problem comes from.

The table:

| `events` | | |
|---|---|---|
| `user` | int | TODO: who |
| `value` | int | TODO: what |

Select TODO: what. Until this is decided: one row for each user, in any order, with the sum of the values.

## Rules

- TODO: what users without a value get, what NULL means, how large the tables are.
- The query is one SELECT of SQLite, perhaps with a WITH clause. Only the order of the columns counts, not their names.

Each test has one second of CPU time.

## Examples

| `events` | result |
|---|---|
| `[[1, 10], [2, 20], [1, 5]]` | TODO |
"""
_GENERATOR = '''\
"""TODO: tables of the kinds that tell right from wrong. Draw from ``rng`` alone."""


def generate(rng, users, events):
    return {"events": [(rng.randint(1, users), rng.randint(1, 1000)) for _ in range(events)]}
'''
_RIGHT = "SELECT user, SUM(value) FROM events GROUP BY user\n"
_OTHER = """\
SELECT DISTINCT user, (SELECT SUM(value) FROM events AS others WHERE others.user = events.user) FROM events
"""
_MISTAKE = "-- TODO: a mistake that candidates make; name the file after it\n"


def build(names: Names) -> dict[str, str]:
    """The files of the package."""
    wrong = "submissions/wrong_answer"
    return {
        "problem.yaml": names.metadata(),
        "judge.yaml": _JUDGE.format(name=names.function),
        "statement/problem.en.md": _STATEMENT,
        "generators/tables.py": _GENERATOR,
        f"reference/{names.function}.sql": f"-- TODO: the right result\n{_RIGHT}",
        "data/sample/01.in": '{"events": [[1, 10], [2, 20], [1, 5]]}\n',
        "submissions/accepted/as_the_reference.sql": f"-- TODO: a query as good candidates write it\n{_RIGHT}",
        "submissions/accepted/another_idea.sql": f"-- TODO: a query by another idea\n{_OTHER}",
        f"{wrong}/first_mistake.sql": f"{_MISTAKE}SELECT user, COUNT(value) FROM events GROUP BY user\n",
        f"{wrong}/second_mistake.sql": f"{_MISTAKE}SELECT user, value FROM events\n",
        f"{wrong}/third_mistake.sql": f"{_MISTAKE}SELECT user, MAX(value) FROM events GROUP BY user\n",
    }
