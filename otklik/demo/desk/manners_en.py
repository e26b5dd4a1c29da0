# ruff: noqa: E501 -- letters read better unbroken
"""What is said in every English letter. Written for the demo; nobody in them exists."""

from __future__ import annotations

from otklik.demo.desk.matters import Manners

MANNERS = Manners(
    greetings=("Hello,", "Hi there,", "Good morning,", "Dear team,", "Hi,"),
    signs=(
        "{name}",
        "Best,\n{name}",
        "Kind regards,\n{name}\n{company}",
        "Thanks,\n{name}",
        "Thank you in advance,\n{name}",
    ),
    agent_greetings=("Hello {name},", "Hi {name},", "Good afternoon {name},"),
    agent_signs=(
        "Best regards,\n{agent}",
        "{agent}\nMeridian Partners support",
        "Just answer this mail if anything is unclear.\n\n{agent}",
    ),
    passed_on=(
        "we have asked the colleagues who know. You will hear from us tomorrow at the latest.",
        "we see the problem and are looking for its cause. There is nothing you need to do; we will write.",
    ),
    reminders=(
        "Any news? We have not heard back.",
        "This is our second mail about it. Time is running out.",
        "Who can answer this, please?",
    ),
    apologies=(
        "sorry for the wait: your mail came in our busiest days and we missed the time we promised. As to your question,",
        "please excuse the delay.",
    ),
    thanks=(
        "Works now, thank you!",
        "Perfect, thanks for the quick help.",
        "Confirmed on our side. Have a good day!",
        "Great, you can close this.",
    ),
    not_solved=(
        "Unfortunately it is the same as before.",
        "It came back today.",
        "Only half of it is solved.",
    ),
    second_solutions=(
        "we went through it with the developers; it is fixed for good now, and the last day was clean.",
        "there was a second cause, which is gone too. Answer this mail if you see anything like it.",
    ),
    duplicates=(
        "We have just written from another address; sending again to be sure.",
        "Not sure that the form went through, so once more.",
    ),
    out_of_office=("I am out of office until {soon}.", "On leave; I will answer after {soon}."),
    out_of_office_subject="Automatic reply: out of office",
    calls=(
        "Asks where payout {id} is. Bank details unchanged. An answer was promised for today.",
        "Link {link} does not open. Gave them the new one, it opened while we spoke. Solved.",
        "Asked about the next tier. Told them about the review at the start of the quarter.",
    ),
    callback_wishes=("tomorrow morning", "after lunch, on the mobile", "any time, it is urgent"),
    callback_notes=(
        "Reached; they will send the placements by mail.",
        "Solved on the phone; they asked for it in writing.",
    ),
    praise=(
        "Quick and to the point.",
        "Answered within half an hour!",
        "Solved at once.",
        "Friendly and clear.",
    ),
    blame=(
        "Took far too long.",
        "We had to write three times.",
        "Solved, but our campaign was over.",
        "Closed without a real explanation.",
    ),
    notes=(
        "It began on {day} by the logs. Looks like the same cause as elsewhere.",
        "A large partner: no templates, please.",
        "If they come back with this, straight to finance.",
    ),
    mentions=(
        "@{colleague} could you have a look? Reminds me of {link}.",
        "@{colleague} they want a call before evening. Yours?",
    ),
    spam=(
        ("Guest post on your blog", "We would love to publish on your site. Great prices!"),
        ("Rank first in 30 days", "Our experts will boost your traffic. Reply for a free audit."),
    ),
    customers=(
        (
            "Our customer {customer} ordered {offer} by our link and got no cashback. I am adding them so that you can ask.",
            "Hello {customer}, we are looking into your cashback. Could you send us the number of the order and the date you paid?",
            "It is order {id}, paid on {day}. I was promised two weeks.",
            "order {id} was found and the cashback paid today. The conversion is yours.",
        ),
    ),
)
