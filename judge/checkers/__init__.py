"""The checkers, by name: an explicit list, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judge.checkers.any_of import AnyOf
from judge.checkers.arg_max import ArgMax
from judge.checkers.arrays import Arrays
from judge.checkers.assignment import Assignment
from judge.checkers.calls import Calls
from judge.checkers.clustering import Clustering
from judge.checkers.colouring import Colouring
from judge.checkers.construct import construct
from judge.checkers.continuous import Continuous
from judge.checkers.contract import AuthoredChecker, CaseChecker, Checker, SeriesChecker
from judge.checkers.coverage import Coverage
from judge.checkers.custom import Custom
from judge.checkers.eigenvectors import Eigenvectors
from judge.checkers.estimator import Estimator
from judge.checkers.exact import Exact
from judge.checkers.floats import Floats
from judge.checkers.flow import Flow
from judge.checkers.lines import Lines
from judge.checkers.mapping import Mappings
from judge.checkers.matchings import Matching
from judge.checkers.metamorphic import Metamorphic
from judge.checkers.objective import ObjectiveValue
from judge.checkers.output import Output
from judge.checkers.partition import Partition
from judge.checkers.path import Path
from judge.checkers.paths import Graph
from judge.checkers.permutation import Permutation
from judge.checkers.permutation_sampler import PermutationSampler
from judge.checkers.plugins import find, is_plugin
from judge.checkers.random_walk import RandomWalk
from judge.checkers.recall import RecallAtK
from judge.checkers.regret import Regret
from judge.checkers.residual import Residual
from judge.checkers.round_trip import RoundTrip
from judge.checkers.rows import Rows
from judge.checkers.same_distribution import SameDistribution
from judge.checkers.sampler import Sampler
from judge.checkers.sets import Set
from judge.checkers.spanning_tree import SpanningTree
from judge.checkers.suite import Suite
from judge.checkers.tokens import Tokens
from judge.checkers.top_k import TopK
from judge.checkers.topological_order import TopologicalOrder
from judge.checkers.tree import Tree
from judge.checkers.unordered import Unordered
from judge.checkers.validator import Validator
from judge.checkers.without_replacement import WithoutReplacement

CHECKERS: dict[str, type[CaseChecker] | type[SeriesChecker] | type[AuthoredChecker]] = {
    "exact": Exact,
    "float": Floats,
    "array": Arrays,
    "tokens": Tokens,
    "lines": Lines,
    "output": Output,
    "unordered": Unordered,
    "set": Set,
    "mapping": Mappings,
    "rows": Rows,
    "any_of": AnyOf,
    "calls": Calls,
    "top_k": TopK,
    "arg_max": ArgMax,
    "graph": Graph,
    "path": Path,
    "topological_order": TopologicalOrder,
    "tree": Tree,
    "spanning_tree": SpanningTree,
    "matching": Matching,
    "assignment": Assignment,
    "colouring": Colouring,
    "flow": Flow,
    "permutation": Permutation,
    "partition": Partition,
    "clustering": Clustering,
    "recall_at_k": RecallAtK,
    "residual": Residual,
    "eigenvectors": Eigenvectors,
    "objective": ObjectiveValue,
    "round_trip": RoundTrip,
    "sampler": Sampler,
    "continuous": Continuous,
    "permutation_sampler": PermutationSampler,
    "without_replacement": WithoutReplacement,
    "random_walk": RandomWalk,
    "same_distribution": SameDistribution,
    "estimator": Estimator,
    "metamorphic": Metamorphic,
    "coverage": Coverage,
    "regret": Regret,
    "suite": Suite,
    "custom": Custom,
    "validator": Validator,
}


def build(name: str, parameters: Mapping[str, Any]) -> Checker:
    """Returns the checker ``name`` with ``parameters``. Raises ValueError for an unknown name, parameter or value.

    A dotted name is that of a checker that the operator has installed.
    """
    kinds = {name: find(name)} if is_plugin(name) else CHECKERS
    checker: Checker = construct(kinds, name, parameters)
    return checker
