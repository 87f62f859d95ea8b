"""Tests of the directory of agencies."""
