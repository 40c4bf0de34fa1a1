def pipeline_order(stages, needs):
    needed_by = {stage: [] for stage in stages}
    for stage, needed in needs:
        needed_by[stage].append(needed)
    order, seen = [], set()
    for first in stages:
        stack = [(first, False)]
        while stack:
            stage, finished = stack.pop()
            if finished:
                order.append(stage)
            elif stage not in seen:
                seen.add(stage)  # seen before, or still waiting? a circle looks like both
                stack.append((stage, True))
                stack += [(needed, False) for needed in needed_by[stage]]
    return order
