"""Trying a problem as a candidate: a page that this machine alone can open, and what stands behind it.

A ``Desk`` holds one package: it loads it again when a file changes, and runs programs on the samples or on all tests in
the workers' sandboxes. ``DeskServer`` gives it out over HTTP, on the loopback address, under a path that nobody can
guess; ``page`` and ``results`` make HTML of what candidates may see. Of secret tests that is the name, the verdict and
what was measured: neither arguments nor answers nor what was printed or said.
"""
