"""The partners' own door: accounts of contacts, sign-in, and every page a partner's person sees.

Nouns: account, session, sign-in link, passkey, company sign-in, look (of a program's portal), erasure
request.
Writes ``account.invited``, ``account.signed_in``, ``account.disabled``, ``account.changed``,
``account.password_changed``, ``account.passkey_added``, ``account.passkey_removed``,
``company_sign_in.changed``, ``company_sign_in.removed``, ``portal.look_changed``,
``portal.settings_changed``, ``erasure.asked``, ``erasure.taken_back``, ``erasure.declined``.

An account is no user of the staff, and its cookie goes to /portal/ alone. Whatever a page shows begins at the
person who is signed in; a number in an address is looked for among what is theirs.
"""
