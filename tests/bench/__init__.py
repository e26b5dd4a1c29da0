"""Benchmarks: medians and ratios of one run, never a verdict. ``bin/bench [NAME ...]`` runs them.

Every figure stands beside a peer measured in the same run (a bare engine, a bare loop), because machines
differ and drift: the ratio travels, the seconds do not.
"""
