"""Faults made on purpose: a server that is killed, that answers late or half, whose index is changed by somebody else."""
