"""`make chaos`: digest runs with every fault that mail can meet, and a count of what
was lost, doubled or unheard.
"""
