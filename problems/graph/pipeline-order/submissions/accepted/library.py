from graphlib import CycleError, TopologicalSorter


def pipeline_order(stages, needs):
    sorter = TopologicalSorter(dict.fromkeys(stages, ()))
    for stage, needed in needs:
        sorter.add(stage, needed)
    try:
        return list(sorter.static_order())
    except CycleError:
        return []
