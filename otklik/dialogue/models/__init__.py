from otklik.dialogue.models.announcements import (
    Addressee,
    Announcement,
    AnnouncementQuestion,
    AnnouncementText,
    NoNewsMails,
)
from otklik.dialogue.models.applications import (
    Application,
    ApplicationWord,
    ProgramManners,
    VettingStep,
)
from otklik.dialogue.models.goals import Commitment, Goal
from otklik.dialogue.models.ideas import Idea, Vote
from otklik.dialogue.models.onboarding import Onboarding, OnboardingStep, StepTemplate

__all__ = [
    "Addressee",
    "Announcement",
    "AnnouncementQuestion",
    "AnnouncementText",
    "Application",
    "ApplicationWord",
    "Commitment",
    "Goal",
    "Idea",
    "NoNewsMails",
    "Onboarding",
    "OnboardingStep",
    "ProgramManners",
    "StepTemplate",
    "VettingStep",
    "Vote",
]
