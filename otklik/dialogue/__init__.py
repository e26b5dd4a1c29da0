"""What both sides say to each other beside tickets: announcements and who read them, shared goals and
commitments, ideas and votes, applications and their vetting, onboarding.
"""
