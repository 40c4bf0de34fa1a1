import math


class Refused(Exception):
    """A question about a query or an item that is not there."""


def start(arguments, seed):
    global points, asked
    points, asked = arguments["points"], arguments["asked"]


def distance(query, item):
    if not 0 <= query < len(asked) or not 0 <= item < len(points):
        raise Refused(f"there are {len(asked)} queries and {len(points)} items, found {query} and {item}")
    return math.dist(asked[query], points[item])
