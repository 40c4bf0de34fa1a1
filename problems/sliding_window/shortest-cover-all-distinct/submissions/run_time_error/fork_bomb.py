import os
import signal


def shortest_cover_all_distinct(ids):
    while True:  # until the limit on processes refuses another: BlockingIOError
        if os.fork() == 0:
            signal.pause()
