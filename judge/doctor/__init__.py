"""``judge doctor``: what the sandbox needs of a machine, checked by trying it.

A check is a name and a function from a ``Host`` to a ``Finding``: PASS, WARN or FAIL, what was found, and the remedy.
``judge.doctor.checks`` lists them in the order in which they are run; none depends on another, and one that crashes is
a FAIL. FAIL means that gradings would be wrong, unsafe or impossible; WARN that times are less stable, or the machine
less closed, than it could be. Nothing is formatted here.
"""
