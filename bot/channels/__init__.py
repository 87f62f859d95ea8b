"""Doors of ours: each parses what arrives and renders what leaves; none knows another."""
