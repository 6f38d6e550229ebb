"""Segments on the desk: for analysts and supervisors, and for compliance to look at."""
