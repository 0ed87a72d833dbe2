"""A simulated printing-and-dyeing mill on real protocols that keeps its own exact account of what it served.

It imports none of the other rooms: what is judged by its account is not built from what it judges.
"""
