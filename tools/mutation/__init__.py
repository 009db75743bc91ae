"""Mutation tests of the packages."""
