"""Mutation tests of the packages that keep the promises."""
