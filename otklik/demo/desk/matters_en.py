# ruff: noqa: E501 -- letters read better unbroken
"""English letters. Written for the demo; nobody in them exists."""

from __future__ import annotations

from otklik.demo.desk.matters import Matter

MATTERS = (
    Matter(
        topic="payouts",
        weight=18,
        subjects=(
            "Payout for {month} has not arrived",
            "Payout in processing for {few} days",
            "€{sum} missing from our {month} payout",
            "When will {month} be paid?",
        ),
        openings=(
            "The payout for {month} was due on {day} and is not in our account yet.",
            "Our payout of €{sum} has been in processing since {day}.",
            "According to the statement we earned €{sum} in {month}; what arrived is less.",
            "We are waiting for €{sum}. It used to arrive on the third day.",
        ),
        details=(
            "Our bank details have not changed.",
            "The bank confirms there is nothing incoming.",
            "The payout number is {id}.",
            "We pay for traffic on the same day, so this hurts.",
        ),
        wishes=(
            "Could you tell us where it is and when to expect it?",
            "Please check whether it has left, and send the confirmation if so.",
            "We need a date to plan our buying.",
        ),
        questions=(
            "To trace it, could you send us the last four characters of the account and the name of the bank?",
            "Could you check that the beneficiary under Payouts is the one in the contract, and send the last three days of the account statement?",
        ),
        data=(
            "The account ends in {code4}, same bank as always. The beneficiary matches.",
            "Nothing from you in three days. Account …{code4}, unchanged.",
        ),
        solutions=(
            "payment {id} of €{sum} left today; banks usually need one or two working days. The confirmation is under Payouts.",
            "it was held because the contract number was missing from the reference. That is fixed, and the money leaves tonight.",
            "the difference is conversions confirmed after the month was closed. They are in the next payout; see the Adjustments report.",
            "the correspondent bank returned {id}. We have sent it again, it should arrive by {soon}.",
        ),
        asked=(
            "Payout {id} of €{sum} has not arrived. Did it leave, and did the bank return it?",
            "Please look at payout {id}: in processing since {day}. What holds it?",
            "The partner says that {month} was paid short. Where does the difference come from?",
            "The partner waits for €{sum} of {month}. Was {id} returned?",
        ),
        told=(
            "The bank refused the reference. Corrected, {id} leaves today.",
            "The contract number was missing from the reference. Corrected, it leaves tonight.",
            "Part of the conversions was confirmed after the month was closed. Paid with the next payout.",
            "Returned by the correspondent bank. Sent again, by {soon}.",
        ),
    ),
    Matter(
        topic="traffic_hold",
        weight=14,
        subjects=(
            "Why are {n} conversions on hold?",
            "Traffic under review since {day}",
            "Hold on {offer}",
            "Leads of {offer} were rejected",
        ),
        openings=(
            "{n} conversions of {offer} were put on hold without a reason in the dashboard.",
            "All traffic of {link} has been under review since {day}; the source has been the same for months.",
            "€{sum} of ours is frozen on {offer} and nobody wrote to us.",
            "{pct}% of our leads were rejected as low quality. We disagree.",
        ),
        details=(
            "It is search traffic, and we can send the placements.",
            "Nothing is incentivised; the logs show it.",
            "The geo is {geo}, volumes are as before.",
        ),
        wishes=(
            "Which check was it, and how long does it take?",
            "Please lift it or show us examples of the leads in question.",
            "What do you need from us?",
        ),
        questions=(
            "Could you send us the placements and last week's ads? It makes the review much shorter.",
            "Did you add sources after {day}? If so, which ids?",
        ),
        data=(
            "No new sources. Placements are {link}-a, {link}-b and {link}-c.",
            "We added one, {link}-new. We can switch it off if that is the one.",
        ),
        solutions=(
            "the review is over and the hold is lifted: {n} conversions are confirmed and will be in the next payout.",
            "one placement, {link}-new, had leads two seconds after the click. Everything else is released.",
            "it was a regular reconciliation with the advertiser, which is over: the €{sum} can be paid out.",
            "the advertiser looked again and confirmed {pct}% of the rejected leads; the reasons for the others are in the report of {link}.",
        ),
        asked=(
            "{n} conversions of {offer} are on hold without a reason. What fired, and when are we done?",
            "All of {link} is under review since {day}, same source. What was it?",
            "€{sum} frozen on {offer}: reconciliation or suspicion?",
            "The partner disputes the rejected leads of {offer}. Can the sample be checked again?",
        ),
        told=(
            "The volume threshold fired. The sample is clean, lifting.",
            "Placement {link}-new: two seconds between click and lead. The rest is clean.",
            "A regular reconciliation, done today.",
            "Checked again: {pct}% confirmed, reasons for the rest are in the report.",
        ),
    ),
    Matter(
        topic="tracking",
        weight=14,
        subjects=(
            "Link {link} does not open",
            "Postbacks have stopped",
            "Our numbers differ by {pct}%",
            "Conversions of {link} are not counted",
        ),
        openings=(
            "Our tracking link {link} has answered 404 since this morning.",
            "Postbacks of {offer} stopped on {day}, although the leads are in the dashboard.",
            "Our tracker counts {n} clicks, yours {pct}% fewer.",
            "A test conversion on {link} has not shown up for two hours.",
        ),
        details=(
            "Checked on several devices, without blockers.",
            "sub1 is passed, we see it in our logs.",
            "The campaign is live; every hour costs us €{sum}.",
            "The same set-up works on another offer.",
        ),
        wishes=(
            "Could you check the link and send a working one?",
            "Please help us find where the events get lost.",
            "Whose numbers are right, and why do they differ?",
            "Please check, and add what was lost.",
        ),
        questions=(
            "Could you send the full postback address with its parameters, and the time of one lost conversion?",
            "Does the link carry click_id? Without it a lead cannot be matched. A line of your log would help.",
        ),
        data=(
            "Click {id}, 11:42 UTC. The postback address is the same, and we answer 200.",
            "Found it: our new landing page dropped click_id. Fixed, please check on your side.",
        ),
        solutions=(
            "the domain of {link} had an expired certificate. It is on a new one, the old address works too.",
            "postbacks waited because your server timed out. We have sent {n} events again; nothing is lost.",
            "the difference is repeated clicks: we count unique ones within 24 hours. The report 'Clicks, all' has the others.",
            "{offer} moved to a new landing page. The new link is in your dashboard, {n} conversions were added by hand.",
        ),
    ),
    Matter(
        topic="creatives",
        weight=10,
        subjects=(
            "Banners of {offer} show old prices",
            "Creatives for {geo}",
            "A banner is too large",
        ),
        openings=(
            "The banners of {offer} still show the old price, and users complain to us.",
            "We are preparing a campaign for {geo} and found no creatives for it.",
            "The network refused your banner: the file is over 150 kB.",
        ),
        details=(
            "Sizes: 300×250, 728×90 and 320×100.",
            "The launch is on {soon}.",
            "We can translate the texts ourselves.",
        ),
        wishes=(
            "Could you send new ones?",
            "May we make our own and have them approved?",
            "Could you send a lighter one?",
        ),
        questions=("Which sizes and formats does the network take, and when do you launch?",),
        data=("300×250 and 320×100, JPG or WebP up to 150 kB. We launch on {soon}.",),
        solutions=(
            "the new set of {offer} is under Promo: new prices, every size.",
            "creatives for {geo} are there, sources included. Send us your own for approval; that takes a day.",
            "all banners are below 150 kB now, the addresses are the same.",
        ),
    ),
    Matter(
        topic="contract",
        weight=8,
        subjects=(
            "Contract {act}: new bank details",
            "Statement for {month}",
            "Renewing our contract",
        ),
        openings=(
            "We changed banks and need new details in contract {act}.",
            "The statement for {month} says €{sum}; by the report it should be more.",
            "Contract {act} ends on {soon}; we would like to renew on the same terms.",
        ),
        details=(
            "Our papers are ready.",
            "Our auditor needs it by {soon}.",
            "The signatory is the same.",
        ),
        wishes=(
            "How do we do this without delaying payouts?",
            "Please send a corrected document.",
            "What are the steps?",
        ),
        questions=("Could you send us the document in question and say by when you need it?",),
        data=("It is attached; we need it by {soon}.",),
        solutions=(
            "the amendment to {act} is on its way for signature. After that payouts go to the new account.",
            "the corrected statement for {month} is attached; the old one is void.",
            "contract {act} is renewed for a year on the same terms. The scan is under Documents.",
        ),
        asked=(
            "New bank details for contract {act}: an amendment, or is a letter enough?",
            "The partner says the statement for {month} is wrong. Which sum is right?",
        ),
        told=(
            "An amendment; prepared and sent for signature.",
            "Ours was wrong: adjustments were missing. A new statement has been issued.",
        ),
    ),
    Matter(
        topic="tier",
        weight=8,
        subjects=(
            "When is our tier reviewed?",
            "A better rate on {offer}",
            "Terms of the next tier",
        ),
        openings=(
            "We had {n} confirmed conversions in {month}; by your rules that is the next tier.",
            "Our volume grew by {pct}%, our rate on {offer} did not.",
            "Partners of our size work on other terms. What are we missing?",
        ),
        details=("Quality is steady.", "We plan to grow further next quarter."),
        wishes=("When are tiers reviewed?", "Could you look at our rate?", "Please send us the criteria."),
        questions=("What volume do you plan for the next quarter, and for which geos?",),
        data=("About {n} conversions a month, {geo}.",),
        solutions=(
            "tiers are reviewed in the first days of a quarter. With your volume the next one comes by itself, at a rate {pct}% higher.",
            "your rate on {offer} is higher from {soon}; the dashboard shows it already.",
            "you are {n} conversions short. The criteria are under Terms; your manager will send a plan.",
        ),
    ),
    Matter(
        topic="api",
        weight=8,
        subjects=(
            "Error 500 from statistics",
            "API answers 429",
            "Reports by API",
            "New token does not work",
        ),
        openings=(
            "Statistics have answered 500 since {day} for anything longer than a week.",
            "We get 429 after {n} requests; the documentation says more.",
            "We fetch reports by API and cannot find the reason of a rejection.",
            "Our new token is answered with 401. The old one works.",
        ),
        details=(
            "Request {id}, 10:15 UTC.",
            "Our code has not changed since summer.",
            "We need it every morning by nine.",
        ),
        wishes=(
            "Is it an outage or a new rule?",
            "Can our limit be raised?",
            "What is the right way?",
            "What is wrong with the token?",
        ),
        questions=("Could you send the X-Request-Id and the first characters of the token, not all of it?",),
        data=("X-Request-Id is {id}, the token begins with {code4}.",),
        solutions=(
            "reports with empty dates caused it; the fix is live. Up to 31 days work.",
            "the limit is 60 requests a minute for each token. The report method needs one instead of a hundred.",
            "the reason is the field reason of version 2. There is an example under Reports.",
            "the token had no right to statistics. It has now; please try.",
        ),
    ),
    Matter(
        topic="moderation",
        weight=10,
        subjects=(
            "Site {link} was refused",
            "Moderation takes {few} days",
            "Please review our site again",
        ),
        openings=(
            "Site {link} was refused as 'against the rules'. Which ones?",
            "We submitted a site on {day} and have no answer.",
            "After a redesign {link} is under review again, and campaigns stand still.",
        ),
        details=(
            "Reviews and comparisons, nothing forbidden.",
            "Privacy policy and contacts are there.",
            "{n} thousand visits a month.",
        ),
        wishes=("What should we change?", "We launch on {soon}; could you hurry?", "Please look once more."),
        questions=("Could you open guest access to the counter and name the pages with ads?",),
        data=("Guest access is open; the pages are /reviews and /best.",),
        solutions=(
            "it was pop-ups on pages with ads. Remove them and we approve the same day.",
            "we were waiting for access to the counter. {link} is approved, campaigns are on.",
            "{link} is approved, you can start.",
        ),
        asked=(
            "Why was {link} refused? The partner asks for the rule.",
            "Moderation of {link} takes longer than promised. What is left?",
            "{link} is under review again after a redesign, campaigns stand still. Could you take it first?",
        ),
        told=(
            "Pop-ups on pages with ads. Once they are gone we approve the same day.",
            "We waited for access to the counter and have it. Approved.",
            "Looked, nothing wrong, approved.",
        ),
    ),
    Matter(
        topic="promo",
        weight=10,
        subjects=(
            "Promo code {promo} is refused",
            "{promo}: orders not counted",
            "A code with our name",
        ),
        openings=(
            "{promo} has been invalid since {day}, though the dashboard says it runs until {soon}.",
            "Followers use {promo}, but {n} of their orders are not in the report.",
            "We are making a video about {offer} and need a code of our own, {pct}% off.",
        ),
        details=(
            "We have screenshots.",
            "The video comes out on {soon}.",
            "The last code brought over {n} orders.",
        ),
        wishes=("Please check and switch it on.", "Can these orders be added?", "How long does a code take?"),
        questions=("Where is the code used, and could you send the number of one order, if there is one?",),
        data=("It is used on {link}; order {id} of {day} is an example.",),
        solutions=(
            "{promo} was limited to first orders. It works for everybody now.",
            "{n} orders with {promo} were added to the report.",
            "{promo} is live: {pct}% off until {soon}. Its figures are under Promo codes.",
        ),
    ),
)
