"""The tools of a problem's author: what a package promises, shown to be so."""
