"""What the page of one client shows, part by part, within what the person asking may see.

person      who he is, how he wants to be reached, what is going on with him now
assets      what he has
knowledge   what he did on screen, what is concluded of him, what he needs
moves       whether he arrives or leaves
timeline    everything that happened, by day
"""
