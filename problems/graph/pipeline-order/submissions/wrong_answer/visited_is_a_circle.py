def pipeline_order(stages, needs):
    needed_by = {stage: [] for stage in stages}
    for stage, needed in needs:
        needed_by[stage].append(needed)
    order, seen = [], set()
    for first in stages:
        stack = [(first, False)] if first not in seen else []
        started = set()
        while stack:
            stage, finished = stack.pop()
            if finished:
                order.append(stage)
                continue
            if stage in started:
                return []  # reached by two ways: that is no circle yet
            if stage not in seen:
                seen.add(stage)
                started.add(stage)
                stack.append((stage, True))
                stack += [(needed, False) for needed in needed_by[stage]]
    return order
