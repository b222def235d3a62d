"""The guards of the product, each with the change that takes it out and the tests that must notice.

A change is the exact text as it stands in the file; when the code moves on, the change must be written anew.
"""

from dataclasses import dataclass

PACKAGE = "shared/duebill"
WISH = "tests/reliability/test_one_wish_one_invoice.py"
TOKENS = "tests/reliability/test_connections_stay_connected.py"
KEPT_TOKENS = "tests/contract/test_stores_tokens.py"
KEPT_INVOICES = "tests/contract/test_stores_invoices.py"
KEPT_SECRETS = "tests/contract/test_stores_secrets.py"
KEPT_CONSENTS = "tests/contract/test_stores_consents.py"
MAIN_JOB = "tests/functions/test_invoicing.py"
BAD_INPUT = "tests/security/test_bad_input.py"
COMPANIES = "tests/security/test_companies_never_meet.py"
CONSENT = "tests/security/test_consent.py"
ROLES = "tests/security/test_roles.py"
SILENCE = "tests/security/test_silence.py"
TAKE_OVER = "tests/security/test_take_over.py"
BOOKS = "tests/contract/test_accounting_provider.py"
XERO_RULES = "tests/unit/test_xero_rules.py"
LIMITER = "tests/contract/test_limiter.py"
NOTES = "tests/unit/test_write_note.py"
ACTS = "tests/functions/test_acting.py"
LISTS = "tests/functions/test_customer_invoices.py"
PLACES = "tests/security/test_lists_and_links.py"
TOLD = "tests/functions/test_write_back.py"
CONFIRMED = "tests/unit/test_connect_confirmed.py"
REFRESHED = "tests/reliability/test_refresh_faults.py"
SWEPT = "tests/reliability/test_sweep_faults.py"
STAY_TRUE = "tests/reliability/test_statuses_stay_true.py"


@dataclass(frozen=True, slots=True)
class Change:
    """Text of one file, and what stands there without the guard."""

    file: str
    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Guard:
    """What protects, in words; how it is taken out; where that must show."""

    name: str
    what: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]


def guard(name: str, what: str, file: str, text: str, without: str, *tests: str) -> Guard:
    """A guard that one change takes out."""
    return Guard(name, what, (Change(f"{PACKAGE}/{file}", text, without),), tests)


INVOICING = (
    guard(
        "key", "every sending of a step carries the same key", "domain/intent.py",
        "            return self.step_key(index)\n        last =",
        '            return f"{self.step_key(index)[:30]}{len(attempts)}"\n        last =',
        WISH,
    ),
    guard(
        "key is sent", "QuickBooks is told the key", "providers/quickbooks/client.py",
        'params={**(params or {}), "requestid": key},', "params=params or {},",
        f"{BOOKS}::test_the_same_key_never_creates_a_second_invoice",
    ),
    guard(
        "intent", "an attempt is stored before anything is sent", "use_cases/advance_intent.py",
        "begun = self.invoices.save(intent.begin_attempt(index, key, self.clock.now()))",
        "begun = intent.begin_attempt(index, key, self.clock.now())",
        WISH, "tests/reliability/test_written_before_sent.py",
    ),
    guard(
        "look-up", "a doubt is looked up before the step is sent again", "use_cases/advance_intent.py",
        "found = self._look_up(intent, index)", "found = None", WISH,
    ),
    guard(
        "settle time", "nothing is sent or looked up while the provider may still be working",
        "use_cases/advance_intent.py",
        "if self.clock.now() < settled:", "if self.clock.now() < intent.created_at:", WISH,
    ),
    guard(
        "basis", "a deal that was invoiced meanwhile is not invoiced again", "storage/invoices.py",
        "        expected = at_version(intent.basis)\n        if intent.basis == 0:",
        "        expected = ALWAYS\n        if False:",
        f"{KEPT_INVOICES}::test_of_two_who_began_from_one_basis_only_the_first_is_written",
        f"{KEPT_INVOICES}::test_a_basis_that_never_was_is_refused",
    ),
    guard(
        "basis is asked", "the page is told before anything is done", "use_cases/create_invoice.py",
        "if record.version == command.basis:", "if record.version >= command.basis:", WISH,
    ),
    guard(
        "content", "one key stands for one content", "use_cases/create_invoice.py",
        "if known.content_hash != command.content_hash:", "if known.content_hash is None:",
        WISH, f"{MAIN_JOB}::test_the_same_press_again_answers_200_with_the_same_invoice",
    ),
    guard(
        "version condition", "of two workers on one intent one writes", "storage/invoices.py",
        "self.table.write(put_intent(saved, at_version(intent.version)))",
        "self.table.write(put_intent(saved, ALWAYS))",
        f"{KEPT_INVOICES}::test_of_two_workers_one_saves", f"{KEPT_INVOICES}::test_made_by_two_workers_is_made_once",
    ),
    guard(
        "5xx is unknown", "an answer that is not the provider's own leaves a write in doubt",
        "providers/quickbooks/faults.py", "    if wrote:\n", "    if wrote is None:\n", WISH,
    ),
    guard(
        "note look-up", "a note is looked for before it is written again", "use_cases/write_note.py",
        "note = self._find(link)", "note = None", NOTES,
    ),
)  # fmt: skip

WORK = (
    guard(
        "sweep", "what is due is handed to a worker", "use_cases/dispatch_due.py",
        "                queue.send(claimed)\n", "",
        f"{MAIN_JOB}::test_an_unknown_outcome_is_202_and_ends_by_itself_as_one_invoice",
    ),
    guard(
        "claim", "of two who claim the same work one gets it", "storage/due.py",
        'When("#due_pk = :pk AND #due_sk = :seen", {":pk": row["due_pk"], ":seen": row["due_sk"]})',
        'When("attribute_exists(#pk)")',
        "tests/contract/test_stores_table.py::test_an_entry_of_the_index_that_lags_behind_is_not_claimed",
    ),
)  # fmt: skip

CONNECTIONS = (
    guard(
        "lease", "one caller at a time renews a token", "storage/tokens.py",
        '"#version = :version AND (attribute_not_exists(#lease_until) OR #lease_until <= :now)"',
        '"#version = :version AND :now = :now"', KEPT_TOKENS,
    ),
    guard(
        "token version", "a grant is stored over the one it renews and over no other", "storage/tokens.py",
        "self._put(stored, due_at, at_version(expected_version))", "self._put(stored, due_at, ALWAYS)", KEPT_TOKENS,
    ),
    guard(
        "401", "a 401 renews only the token that was refused", "use_cases/fresh_tokens.py",
        "if found.access_token != refused and self.clock.now()", "if not refused and self.clock.now()", TOKENS,
    ),
    guard(
        "refused grant", "a refused grant is read again before a person is asked", "use_cases/fresh_tokens.py",
        "        if stored.version != leased.version:\n            return stored\n", "", TOKENS,
    ),
)  # fmt: skip

PEOPLE = (
    guard(
        "role", "a right is asked for", "domain/roles.py",
        "        if right in self.rights:\n", "        if right:\n",
        f"{ROLES}::test_a_role_may_do_what_the_matrix_says_and_nothing_else",
    ),
    guard(
        "visible connections", "the panel shows the connections that the caller may see", "runtime/panel.py",
        "if Right.SEE in caller.standing(known).rights)", "if Right.SEE)",
        f"{ROLES}::test_a_manager_of_some_books_sees_nothing_of_the_others",
    ),
    guard(
        "admin", "Pipedrive says who is an admin", "use_cases/take_over.py",
        "    return user.is_admin\n", "    return True\n",
        f"{TAKE_OVER}::test_who_is_no_admin_any_more_cannot_take_over_and_loses_what_admins_may",
    ),
    guard(
        "deal check", "a deal is read with the caller's own eyes", "runtime/caller.py",
        "return self.crm.deal(DealId(deal))",
        "return self.wiring.crm(self.wiring.installations.of_company(self.company)[0]).deal(DealId(deal))",
        f"{ROLES}::test_a_deal_that_pipedrive_hides_does_not_exist_whatever_is_kept_of_it",
    ),
    guard(
        "company", "a key begins with its company", "storage/keys.py",
        'return f"C#{company:d}"', 'return "C#8087566"', COMPANIES,
    ),
    guard(
        "token of the page", "an app-extension token ends", "crm/pipedrive/app_token.py",
        'if not _is_whole(claims["exp"]) or claims["exp"] + LEEWAY_SECONDS <= seconds:',
        'if not _is_whole(claims["exp"]):',
        f"{BAD_INPUT}::test_a_token_that_pipedrive_did_not_sign_opens_nothing",
        "tests/unit/test_pipedrive_app_token.py",
    ),
)  # fmt: skip

THEFT = (
    guard(
        "ticket cookie", "a consent belongs to one browser", "use_cases/same_browser.py",
        "return hmac.compare_digest(ticket.cookie_hash, secret_hash(cookie_secret))", "return True",
        f"{CONSENT}::test_a_swapped_state_connects_nothing",
        f"{CONSENT}::test_another_browser_cannot_answer_the_question",
    ),
    guard(
        "cookie at all", "a consent needs a cookie", "use_cases/same_browser.py",
        "        return False\n", "        return True\n",
        f"{CONSENT}::test_a_consent_link_that_was_passed_on_connects_nothing",
    ),
    guard(
        "one use", "a consent is completed once", "use_cases/complete_connect.py",
        "if ticket.step is not TicketStep.OPENED:", "if ticket.step is TicketStep.ISSUED:",
        f"{CONSENT}::test_a_trip_that_was_answered_is_over", "tests/unit/test_connect_consent.py",
    ),
    guard(
        "one opening", "a link opens once", "use_cases/open_ticket.py",
        "if ticket.step is not TicketStep.ISSUED:", "if ticket.step is None:",
        f"{CONSENT}::test_a_link_that_was_opened_is_no_good_to_whoever_finds_it",
    ),
    guard(
        "install state", "the state of an install is used up", "storage/consents.py",
        "self.table.write(Delete(keys.install_state(state), unexpired))", "self.table.get(keys.install_state(state))",
        KEPT_CONSENTS,
    ),
    guard(
        "proof of the books", "the books are read before they are kept, and what was granted is given back",
        "use_cases/complete_connect.py",
        "    except (ReconnectRequired, BooksRefused, NotFound) as error:\n        _give_back(grant, issuer)\n",
        "    except (ReconnectRequired, BooksRefused, NotFound) as error:\n",
        f"{CONSENT}::test_books_that_the_code_does_not_open_are_not_connected",
    ),
    guard(
        "right to connect", "a colleague who connected first is asked about", "use_cases/confirm_connect.py",
        ".require(Right.CONFIGURE)", ".rights",
        f"{CONSENT}::test_a_member_whose_colleague_connected_first_connects_nothing", CONFIRMED,
    ),
    guard(
        "uninstall's credentials", "only Pipedrive's own notice uninstalls", "runtime/basic_auth.py",
        "return any(matches)", "return True",
        f"{CONSENT}::test_an_uninstall_that_pipedrive_did_not_sign_removes_nobody",
    ),
)  # fmt: skip

SECRETS = (
    Guard(
        "associated data",
        "a ciphertext opens only in its own item",
        (
            Change(
                f"{PACKAGE}/storage/cipher.py",
                "encrypt(nonce, plain, str(item).encode())",
                "encrypt(nonce, plain, None)",
            ),
            Change(
                f"{PACKAGE}/storage/cipher.py",
                "decrypt(sealed.nonce, sealed.ciphertext, str(item).encode())",
                "decrypt(sealed.nonce, sealed.ciphertext, None)",
            ),
        ),
        (KEPT_SECRETS,),
    ),
    guard(
        "quiet libraries", "libraries do not log what they carry", "runtime/logs.py",
        "        logging.getLogger(name).setLevel(level)\n",
        "        logging.getLogger(name).setLevel(logging.DEBUG)\n",
        f"{SILENCE}::test_libraries_stay_quiet_when_everything_else_speaks",
    ),
    guard(
        "unexpected errors", "what an unexpected error says is not logged", "runtime/logs.py",
        '"aws_lambda_powertools": logging.CRITICAL', '"aws_lambda_powertools": logging.WARNING',
        f"{SILENCE}::test_a_whole_walkthrough_says_nothing_that_is_secret_or_somebody_s",
    ),
)  # fmt: skip

XERO = (
    guard(
        "key's life", "a key is used only as long as Xero replays it", "domain/intent.py",
        "if not last.answered and now - first_use < rule.key_lives:", "if not last.answered:", WISH,
    ),
    guard(
        "next key", "what was answered is never asked again with its key: refusals are remembered too",
        "domain/intent.py",
        "if not last.answered and now - first_use < rule.key_lives:", "if now - first_use < rule.key_lives:", WISH,
    ),
    guard(
        "key is sent to Xero", "Xero is told the key", "providers/xero/client.py",
        '        headers = {"content-type": _JSON, "idempotency-key": key}\n        try:',
        '        headers = {"content-type": _JSON}\n        try:',
        f"{BOOKS}::test_the_same_key_never_creates_a_second_invoice",
    ),
    guard(
        "our link", "an invoice carries our reference in its Url", "providers/xero/mapping.py",
        '        "Url": reference_url(our_url, reference),\n', "",
        f"{BOOKS}::test_a_dropped_write_is_an_unknown_outcome_that_looking_up_settles",
        XERO_RULES,
    ),
    guard(
        "made by our app", "a copy that a person made of our invoice is not taken for it", "providers/xero/client.py",
        '                "createdByMyApp": "true",\n', "", XERO_RULES,
    ),
    guard(
        "5xx of Xero is unknown", "an answer that is not Xero's own leaves a write in doubt",
        "providers/xero/faults.py", "    if wrote:\n", "    if wrote is None:\n", WISH,
    ),
    guard(
        "error inside a yes", "an element that says ERROR in a 200 is a refusal", "providers/xero/client.py",
        "        if refused := element_refusal(found[0], reference_of(answer)):\n            raise refused\n", "",
        f"{BOOKS}::test_what_is_at_another_stage_already_is_not_moved", XERO_RULES, "tests/unit/test_xero_oauth.py",
    ),
    guard(
        "contact by its id alone", "what stands in a draft changes no contact", "providers/xero/mapping.py",
        '        "Contact": {"ContactID": draft.customer},\n',
        '        "Contact": {"ContactID": draft.customer, "Name": draft.details.name},\n', XERO_RULES,
    ),
    guard(
        "one link ends", "disconnecting one organisation revokes nothing", "use_cases/end_connection.py",
        "            if issuer.has_links:\n", "            if not issuer:\n",
        "tests/unit/test_connect_several.py",
    ),
    guard(
        "siblings", "tokens stay while another organisation of the consent uses them", "use_cases/end_connection.py",
        "    if not needed:\n        tokens.remove(company, token_set)\n", "    tokens.remove(company, token_set)\n",
        "tests/unit/test_connect_several.py",
    ),
    guard(
        "app's minute", "all organisations share what Xero gives the app", "storage/limiter.py",
        "        if provider and ask.app and (wait := self._app_wait(provider, ask.app, asker, now)):\n"
        "            return Permit(wait)\n",
        "", LIMITER,
    ),
    guard(
        "app's block", "two containers never take the same block", "storage/app_window.py",
        'When("#minute = :seen AND #taken = :had", {":seen": seen["minute"], ":had": seen["taken"]})',
        'When("attribute_exists(#taken)")', LIMITER,
    ),
    guard(
        "who may approve", "creating approved needs the right to approve", "runtime/invoicing.py",
        "            self.caller.require(Right.APPROVE, self.connection)\n", "            pass\n",
        "tests/functions/test_xero.py::test_what_may_only_be_approved_by_others_cannot_be_created_approved",
    ),
)  # fmt: skip

ACTING = (
    guard(
        "press", "a press is written down before it is sent", "use_cases/pressing.py",
        "return self.invoices.save_press(replace(press, state=PressState.SENDING))",
        "return replace(press, state=PressState.SENDING)",
        f"{ACTS}::test_a_refresh_after_an_unknown_void_knows_who_did_it", ACTS,
    ),
    guard(
        "press's question", "what cannot be undone is asked about", "use_cases/pressing.py",
        "if _OFTEN.index(confirmed) < _OFTEN.index(offer.asks):", "if not offer:", ACTS,
    ),
    guard(
        "press's refusal", "what the books refused is not asked again with the same key", "use_cases/pressing.py",
        "if known.state is PressState.REFUSED and known.refusal:", "if not known:", ACTS,
    ),
    guard(
        "e-mail in doubt", "an e-mail that may have gone out is looked up, not repeated", "use_cases/email_invoice.py",
        "if press.state is PressState.SENDING:\n            return self", "if not press:\n            return self",
        ACTS,
    ),
    guard(
        "e-mail written down", "an e-mail is written down as in doubt before it is sent", "use_cases/email_invoice.py",
        "saved = self.pressing.invoices.save_link(doubtful, due_at=link.write_back_due_at, press=sending)",
        "saved = doubtful", ACTS,
    ),
    guard(
        "linked customer", "only an invoice of the linked customer is linked", "use_cases/link_invoice.py",
        "if customer and invoice.customer == customer.customer and", "if customer and", LISTS, PLACES,
    ),
    guard(
        "move by word", "an invoice leaves another deal only when a person who sees it says so",
        "use_cases/link_invoice.py",
        "if move_from != holder or not is_seen or link is None:", "if link is None:", LISTS, PLACES,
    ),
    Guard(
        "place in a list", "a place in a list is good for its own question",
        (
            Change(f"{PACKAGE}/runtime/cursors.py", "content.encode(), self._question", "content.encode(), None"),
            Change(f"{PACKAGE}/runtime/cursors.py", "[_NONCE_BYTES:], self._question", "[_NONCE_BYTES:], None"),
        ),
        (PLACES,),
    ),
    guard(
        "late note", "a note that may still come late is waited for", "use_cases/write_note.py",
        "if began is not None and self.clock.now() < began + SETTLE:", "if not link:", NOTES,
    ),
    guard(
        "late fields", "fields that may still be written late are waited for", "use_cases/tell_crm.py",
        "(telling.may_repeat or told.wants == wants)", "(not telling.may_repeat and told.wants == wants)", TOLD,
    ),
    guard(
        "file of an earlier link", "what an earlier link attached is looked for", "use_cases/link_invoice.py",
        "            told={Task.FILE.value: Told(wants=version_of(invoice), started_at=now - SETTLE)},\n", "", TOLD,
    ),
)  # fmt: skip

NEWS = (
    guard(
        "cursor", "the cursor moves when what was read is written", "use_cases/refresh_connection.py",
        "            rest = named - {each.id for each in reading.found} - set(reading.deleted)\n",
        '            object.__setattr__(held, "cursor", reading.cursor)\n'
        "            rest = named - {each.id for each in reading.found} - set(reading.deleted)\n",
        f"{SWEPT}::test_what_only_a_list_of_changes_tells_is_found_again_when_it_could_not_be_written",
    ),
    guard(
        "reading's version", "a reading that was overtaken is not written", "storage/invoices.py",
        "            actions = (put_link(saved, due_at, at_version(link.version)),)\n",
        "            actions = (put_link(saved, due_at, ALWAYS),)\n",
        f"{STAY_TRUE}::test_a_reading_that_was_overtaken_while_it_was_written_changes_nothing",
        KEPT_INVOICES,
    ),
    guard(
        "news is done", "news that could not be worked on come again", "runtime/refresh_batch.py",
        "                count(Metric.UNEXPECTED_ERRORS, self._wiring.settings)\n"
        "            self._failed.update(messages)\n",
        "                count(Metric.UNEXPECTED_ERRORS, self._wiring.settings)\n",
        f"{REFRESHED}::test_news_that_our_own_storage_cannot_take_comes_again",
    ),
    guard(
        "word is left", "what is heard while another asks is asked afterwards", "use_cases/refresh_connection.py",
        "            self.watches.want(here.company, here.id, by=now + LEASE, ids=wanted)\n", "",
        f"{SWEPT}::test_what_is_heard_while_another_worker_holds_the_books_is_asked_when_it_lets_go",
    ),
    guard(
        "one question", "what only changed for us costs no second question", "use_cases/refresh_connection.py",
        "        again = books.read_invoices(reading.missing) if reading.missing else None\n",
        "        again = books.read_invoices(sorted(found)) if found else None\n",
        f"{SWEPT}::test_without_faults_each_connection_is_asked_once_and_told_once",
    ),
    guard(
        "told once", "a status is told when it changes", "use_cases/record_reading.py",
        "        if status is not before:\n", "        if status:\n", STAY_TRUE,
        f"{SWEPT}::test_without_faults_each_connection_is_asked_once_and_told_once",
    ),
    guard(
        "settled ones too", "once a week the settled ones are asked for, too", "use_cases/refresh_connection.py",
        "        is_whole = now - (held.whole_at or self.connection.connected_at) >= WEEKLY\n",
        "        is_whole = False\n",
        f"{SWEPT}::test_what_was_settled_is_asked_for_again_within_a_week",
    ),
    guard(
        "people first", "machines leave people a share of what the books allow", "domain/limits.py",
        "        limit = self.for_machines if asker is Asker.MACHINE else self.most\n",
        "        limit = self.for_machines\n",
        f"{SWEPT}::test_where_machines_have_used_their_share_of_the_limit_a_person_does_not_wait",
    ),
    guard(
        "month's floor", "at 95 % of the month's reads only people read", "domain/limits.py",
        "return _MONTH_CLOSED_SECONDS if asker is Asker.MACHINE and used * 100 >= budget * 95 else 0.0",
        "return 0.0",
        f"{SWEPT}::test_a_spent_month_stops_the_machines_of_all_companies_and_no_person",
    ),
    guard(
        "claim's end", "a claim moves the time on, and does not take the work out", "storage/due.py",
        '            "SET #due_sk = :again",\n            {":again": text(keys.due_place(key, again_at))},\n',
        '            "REMOVE #due_sk, #due_pk",\n            {},\n',
        f"{SWEPT}::test_a_dispatcher_killed_at_any_of_its_claims_only_delays",
    ),
    guard(
        "one bug alone", "a bug of one connection fails that one alone", "runtime/refresh_batch.py",
        '            logger().error("refresh_failed",',
        '            raise\n            logger().error("refresh_failed",',
        f"{REFRESHED}::test_one_poisoned_company_keeps_no_other_from_the_truth",
    ),
    guard(
        "begun is marked", "what the CRM is told is marked before it is sent", "use_cases/tell_crm.py",
        "            link = self._mark(link, telling, replace(told, wants=wants, started_at=self.clock.now()))\n", "",
        TOLD,
    ),
    guard(
        "done is marked", "what the CRM was told is not told again", "use_cases/tell_crm.py",
        "        return self._mark(link, telling, Told(shows=wants, made=made))\n", "        return link\n", TOLD,
    ),
)  # fmt: skip

GUARDS = (*INVOICING, *WORK, *NEWS, *CONNECTIONS, *PEOPLE, *THEFT, *SECRETS, *XERO, *ACTING)
