"""What runs inside a jail for PyPy: scripts for its command line, which import nothing of ours."""
