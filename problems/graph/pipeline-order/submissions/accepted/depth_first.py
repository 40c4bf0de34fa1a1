"""Depth first with a stack of its own: a stage comes after everything that it needs; grey stages are on the way."""

WHITE, GREY, BLACK = 0, 1, 2


def pipeline_order(stages, needs):
    needed_by = {stage: [] for stage in stages}
    for stage, needed in needs:
        needed_by[stage].append(needed)
    colour, order = dict.fromkeys(stages, WHITE), []
    for first in stages:
        if colour[first] != WHITE:
            continue
        colour[first], stack = GREY, [(first, iter(needed_by[first]))]
        while stack:
            stage, rest = stack[-1]
            needed = next(rest, None)
            if needed is None:
                colour[stage] = BLACK
                order.append(stage)
                stack.pop()
            elif colour[needed] == GREY:
                return []
            elif colour[needed] == WHITE:
                colour[needed] = GREY
                stack.append((needed, iter(needed_by[needed])))
    return order
