"""Problem packages: from a directory to a Problem, and from a Problem to a TestPlan."""
