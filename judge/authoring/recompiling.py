"""The author's code run again: a second compilation in other boxes, and generators with other seeds."""

from __future__ import annotations

from judge.authoring.package import Package
from judge.authoring.workers import Tools
from judge.errors import SpecError
from judge.harness import wire
from judge.model.digest import digest_of_bytes
from judge.model.problem import Problem
from judge.spec.author import author_code, generator_program
from judge.spec.compiler import compile_plan
from judge.spec.keys import JUDGE_FILE

HASH_SEED = 1  # the first compilation's is 0
OTHER_SEED = 1_000_003  # added to a group's


def recompiled(package: Package) -> dict[str, str]:
    """The digest of each test, compiled again, by its name."""
    toolchain = package.workers.describe_toolchain("python3", package.problem.runtime)
    depends = [package.problem.source_digest, toolchain]
    return package.once(dict[str, str], "compiled again", depends, lambda: package.ask(recompile, package.problem))


def recompile(tools: Tools, problem: Problem) -> dict[str, str]:
    """A worker's job."""
    plan = compile_plan(problem, tools.sandbox, companions=tools.companions, lock=False, hash_seed=HASH_SEED)
    return {case.name: case.digest for case in plan.pinned_cases}


def seedless(package: Package) -> list[str]:
    """The groups of generated tests that another seed does not change."""
    toolchain = package.workers.describe_toolchain("python3", package.problem.runtime)
    depends = [package.problem.source_digest, toolchain]
    return package.once(list[str], "other seeds", depends, lambda: package.ask(find_seedless, package.problem))


def find_seedless(tools: Tools, problem: Problem) -> list[str]:
    """A worker's job."""
    generator = problem.generator
    if generator is None:
        return []
    file = f"{problem.root}/{JUDGE_FILE}"
    found = []
    with author_code(
        tools.sandbox, generator, generator_program(generator), file=file, runtime=problem.runtime
    ) as generate:
        for group in problem.generated:
            made = set()
            for seed in (group.seed, group.seed + OTHER_SEED):
                question = wire.encode({"seed": seed, "params": group.params})
                try:
                    value = generate.call(question, file=file, line=group.line, what=f"test {group.name!r}")
                except SpecError:
                    value = seed  # it fails with another seed: it depends on it
                made.add(digest_of_bytes(wire.encode(value)))
            if len(made) == 1:
                found.append(group.name)
    return found
