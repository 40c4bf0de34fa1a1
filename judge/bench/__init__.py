"""``judge bench``: what a grading costs, as ratios to two other ways of running the same calls.

Everything is measured in one run, in rounds: each round runs every contestant once, in an order that turns from round
to round, so that a slow minute of the machine meets all of them; a ratio is taken within a round, and told with its
quartiles over the rounds. Contestants are

- ``cold`` and ``warm``: a whole grading on that path, box and verdict included;
- ``nsjail``: nsjail and a new interpreter for every test, without filter, cgroup or supervision;
- ``floor``: a warm interpreter that forks for every test, without any isolation: nothing can be cheaper.

CPU time is that of this process, of its ended children, and of the slot's cgroup. Nothing is formatted here.
"""
