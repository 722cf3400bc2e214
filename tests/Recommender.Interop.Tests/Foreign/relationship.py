"""A bookshop that looks after its customers, in Python and with nothing of ours: Anna's way from an unknown visitor to a customer who is
won back, and forgotten in the end. A chapter is a function that returns what the server answered: one line of JSON, in the field names of
the protocol. What the chapters must say stands in RelationshipStoryTests."""
import sys
import time
from datetime import datetime, timedelta, timezone

import grpc

from bookshop import BOOKS, GENRES, HOME, ONBOARDING, book, bought, purchases
from interop import Caller, Protocol, learned, refused, say

SERVICES = ["CatalogService", "EventService", "RecommendationService", "ModelService", "ScenarioService", "QuestionnaireService",
            "CustomerService", "IdentityService", "ContactService", "RelationshipService"]
LIKED = ("garden", "cooking")  # Anna's taste
PHONE = "anna's phone"
ANNA = {"customer_id": "anna"}


class Clock:
    """The shop's, which the test moves on, answering what time it is then."""

    def __init__(self):
        self.advance(0)

    def now(self):
        return datetime.now(timezone.utc) + self.ahead

    def advance(self, days):
        say(advance_days=days)
        self.ahead = timedelta(milliseconds=int(sys.stdin.readline())) - timedelta(seconds=time.time())


class Shop:
    """As seen by the shop's own server, by a page on Anna's phone, and by a page on her laptop."""

    def __init__(self, port, bootstrap, learned_path, server_key, browser_key):
        def caller(key):
            return Caller(protocol, grpc.insecure_channel(f"127.0.0.1:{port}"), SERVICES, key)

        with open(learned_path, "wb") as file:
            file.write(learned(grpc.insecure_channel(f"127.0.0.1:{port}"), bootstrap, SERVICES).SerializeToString())
        protocol = Protocol(learned_path)
        self.server, self.phone, self.laptop = caller(server_key), caller(browser_key), caller(browser_key)
        self.clock = Clock()


def at_home(caller, **request):
    return caller.Recommend(scenario="home", property_mask="title", **request)


def ids(answer):
    return [item.item_id for item in answer.items]


def winback(server):
    return [one for one in server.ListStageCustomers(stage="dissolution", page_size=1000).customers if one.customer_id == "anna"]


def opens(shop):
    server, history = shop.server, list(purchases(shop.clock.now()))
    server.UpsertItems(items=[book(genre, n) for genre in GENRES for n in range(BOOKS)])
    for start in range(0, len(history), 1000):
        server.RecordEvents(events=history[start:start + 1000])
    trained = list(server.Train(recipe_json='{"factorization":{"factors":4}}'))[-1]
    server.SetRelationshipOptions(options_json='{"category_attribute":"genre"}')
    fitted = server.FitLifeCycle()
    server.UpsertScenario(scenario=HOME)
    draft = server.SaveDraft(definition=ONBOARDING)
    published = server.PublishQuestionnaire(questionnaire_id="onboarding")
    passed = list(server.RunPass())[-1]
    return {"live": trained.model.live, "fitted": fitted, "problems": draft.problems, "version": published.version,
            "passed": passed, "stages": server.ListStages().stages}


def looks_around(shop):
    unknown = at_home(shop.phone, visitor_id=PHONE)
    session = at_home(shop.phone, visitor_id=PHONE, session_item_ids=["garden-2"])
    shop.phone.RecordEvents(events=[
        {"event_id": f"seen-{n}", "type": "view", "visitor_id": PHONE, "item_id": f"garden-{n}", "channel": "web",
         "recommendation_id": session.recommendation_id} for n in (2, 5)])
    return {"unknown": unknown, "session": session, "known": at_home(shop.phone, visitor_id=PHONE)}


def answer_to(question):
    def opinion(item):
        return {"item_id": item.item_id, "opinion": "OPINION_LIKES" if item.item_id.split("-")[0] in LIKED else "OPINION_UNFAMILIAR"}

    value = {"option_ids": [LIKED[0]]} if question.options else {"items": [opinion(item) for item in question.items]}
    return {"question_id": question.question_id, "kind": "ANSWER_KIND_GIVEN", "value": value}


def names_of(answer):
    """What reasons call an answer by: the option, or each of the items that were liked."""
    value = answer["value"]
    return ([f"onboarding/{answer['question_id']}/{option}" for option in value.get("option_ids", [])]
            + [one["item_id"] for one in value.get("items", []) if one["opinion"] == "OPINION_LIKES"])


def answers(shop):
    session = shop.phone.StartSession(questionnaire_id="onboarding", visitor_id=PHONE)
    given, steps = [], [{"list": ids(at_home(shop.phone, visitor_id=PHONE))}]
    while session.next.HasField("question"):
        given.append(answer_to(session.next.question))
        submit = {"session_id": session.session_id, "visitor_id": PHONE, "answer": given[-1]}
        first, retried = shop.phone.SubmitAnswer(**submit), shop.phone.SubmitAnswer(**submit)
        answer = at_home(shop.phone, visitor_id=PHONE)
        explained = shop.server.Explain(recommendation_id=answer.recommendation_id)
        session = shop.laptop.GetSession(session_id=session.session_id)
        kept = shop.laptop.NextQuestion(questionnaire_id="onboarding", visitor_id=PHONE, answers=given)
        steps.append({
            "question": given[-1]["question_id"], "first": first.status, "retried": retried.status, "list": ids(answer),
            "reasons": [reason.text for item in explained.items for reason in item.reasons
                        if reason.kind == "answer" and reason.item_id in names_of(given[-1])],
            "resumed": session.next, "stateless": kept.next})
    return {"steps": steps, "session": session, "on_laptop": shop.laptop.StartSession(questionnaire_id="onboarding", visitor_id=PHONE)}


def answers_wrongly(shop):
    start, welcome = shop.phone.StartSession, {"questionnaire_id": "onboarding", "visitor_id": PHONE}
    session = start(**welcome).session_id

    def submit(**answer):
        return refused(shop.phone.SubmitAnswer, session_id=session, answer=answer)

    found = {
        "unknown_version": refused(start, version=7, **welcome),
        "unknown_questionnaire": refused(start, questionnaire_id="onbording", visitor_id=PHONE),
        "known_customer": refused(start, questionnaire_id="onboarding", customer_id="reader-1"),
        "wrong_kind": submit(question_id="genre", value={"number": 3}),
        "unknown_option": submit(question_id="genre", value={"option_ids": ["gardn"]}),
        "future_date": submit(question_id="birthday", value={"date": f"{shop.clock.now() + timedelta(days=400):%Y-%m-%d}"}),
    }
    shop.phone.EndSession(session_id=session)
    return {**found, "after_the_end": submit(question_id="genre", value={"option_ids": ["crime"]})}


def signs_in(shop):
    link, server = {"from_visitor_id": PHONE, "source": "sign-in", **ANNA}, shop.server
    visitors = shop.phone.Recommend(visitor_id=PHONE)
    before, preview = server.Recommend(**ANNA), server.PreviewLink(**link)
    by_browser = refused(shop.phone.Link, **link)
    not_linked = server.Recommend(**ANNA)
    server.Link(**link)
    server.Link(from_customer_id="old-account", customer_id="new-account")
    return {"visitors": ids(visitors), "before": before, "by_browser": by_browser, "not_linked": not_linked, "preview": preview,
            "after": ids(server.Recommend(**ANNA)), "home": at_home(server, **ANNA),
            "ring": refused(server.Link, from_customer_id="new-account", customer_id="old-account"),
            "itself": refused(server.Link, from_customer_id="anna", **ANNA)}


def buys(shop):
    server, shown = shop.server, at_home(shop.server, **ANNA)
    chosen, order = ids(shown)[:2], {"order_id": "web-1", "channel": "web"}
    server.RecordEvents(events=[
        *(bought(f"web-1-{n}", "anna", item, recommendation_id=shown.recommendation_id, **order) for n, item in enumerate(chosen)),
        *(bought(f"web-1-gift-{n}", "anna", f"history-{n}", gift=True, **order) for n in (0, 1))])
    first = server.GetLifeCycle(**ANNA)
    shop.clock.advance(21)
    server.UpdateCustomer(set_attributes={"city": {"text": "Gratz"}}, set_dates={"birthday": "1984-05-17"}, source="staff", **ANNA)
    server.RecordEvents(events=[
        bought("store-1", "anna", "cooking-3", order_id="store-1", channel="store"),
        {"event_id": "stars", "type": "review", "item_id": chosen[0], "rating": 5, "text": "Read it twice.", "channel": "store", **ANNA}])
    portrait = server.GetCustomer(**ANNA)
    shows = [ids(at_home(server, **ANNA)) for _ in range(HOME["rotation"]["after_shown"] + 1)]
    shop.clock.advance(HOME["rotation"]["rest_days"])
    return {"chosen": chosen, "first": first, "portrait": portrait, "shows": shows, "rested": ids(at_home(server, **ANNA))}


def falls_silent(shop):
    server, clock = shop.server, shop.clock
    server.RecordEvents(events=[{"event_id": "cart-1", "type": "cart_add", "item_id": "garden-9", "channel": "web", **ANNA}])
    before = server.GetLifeCycle(**ANNA)
    clock.advance((before.next_change.ToDatetime(timezone.utc) - clock.now()).days)
    eve = server.GetLifeCycle(**ANNA)
    clock.advance(2)
    server.UpsertItems(items=[book("garden", n) for n in (100, 101)])
    early = winback(server)
    passed = list(server.RunPass())[-1]
    return {"before": before, "eve": eve, "early": early, "passed": passed, "after": server.GetLifeCycle(**ANNA),
            "winback": winback(server), "stages": server.ListStages().stages, "home": at_home(server, **ANNA)}


def is_written_to(shop):
    server, mail = shop.server, {"channel": "mail", **ANNA}

    def reserve(name, items):
        return server.ReserveContact(contact_id=name, scenario="home", item_ids=items, **mail)

    unasked = [reserve("too-early", []).pressure, at_home(server, **mail).pressure]
    server.SetConsent(purpose="marketing", channel="mail", granted=True, **ANNA)
    letter, sent = at_home(server, **mail), 0
    while (reserved := reserve(f"mail-{sent}", ids(letter))).pressure.allowed:
        reserve(f"mail-{sent}", ids(letter))  # a sender that lost the answer asks again
        server.ConfirmContact(contact_id=f"mail-{sent}")
        sent += 1
    silent, web, ledger = at_home(server, **mail), at_home(server, **ANNA), server.GetLedger(**ANNA)
    wrong = {
        "unknown_contact": refused(server.ConfirmContact, contact_id="never"),
        "cancelled_too_late": refused(server.CancelContact, contact_id="mail-0"),
        "senseless_policy": refused(server.SetContactPolicy, budgets=[{"channels": ["mail"], "most": -1, "days": 7}]),
    }
    wait = reserved.pressure.allowed_from.ToDatetime(timezone.utc) - shop.clock.now()
    shop.clock.advance(wait.days + 1)
    return {"unasked": unasked, "letter": letter, "sent": sent, "reserved": reserved, "silent": silent, "web": web, "ledger": ledger,
            "wait_days": wait / timedelta(days=1), "later": server.CheckContact(**mail), **wrong}


def takes_herself_out(shop):
    server, again = shop.server, {"event_id": "seen-5", "type": "view", "visitor_id": PHONE, "item_id": "garden-5", "channel": "web"}
    view = server.GetOwnView(**ANNA)
    fact = {fact.text: fact.fact_id for fact in view.facts}
    looked = next(fact[text] for text in fact if text.startswith("You looked at Garden book 5"))
    uncorrectable = refused(server.CorrectFact, fact_id=looked, attribute={"text": "no"}, **ANNA)
    corrected = server.CorrectFact(fact_id=fact["city: Gratz"], attribute={"text": "Graz"}, **ANNA)
    forgotten = server.ForgetFacts(fact_ids=[looked], **ANNA)
    shop.phone.RecordEvents(events=[again])
    sent_again, receipt = server.GetOwnView(**ANNA), server.EraseCustomer(**ANNA)
    addressed = [
        refused(server.RecordEvents, events=[bought("late", "anna", "garden-1")]),
        refused(shop.phone.RecordEvents, events=[again]),
        refused(server.GetCustomer, **ANNA),
        refused(server.GetOwnView, **ANNA),
        refused(server.GetLifeCycle, **ANNA),
        refused(server.ReserveContact, contact_id="late", channel="mail", **ANNA),
        refused(server.StartSession, questionnaire_id="onboarding", **ANNA),
        refused(server.Link, from_visitor_id="another phone", **ANNA)]
    return {"view": view, "uncorrectable": uncorrectable, "corrected": corrected, "forgotten": forgotten, "sent_again": sent_again,
            "receipt": receipt, "kept_receipt": server.GetErasureReceipt(receipt_id=receipt.receipt_id), "addressed": addressed,
            "home": at_home(server, **ANNA), "winback": winback(server)}


def main(*arguments):
    shop = Shop(*arguments)
    for chapter in (opens, looks_around, answers, answers_wrongly, signs_in, buys, falls_silent, is_written_to, takes_herself_out):
        say(chapter=chapter.__name__, **chapter(shop))


main(*sys.argv[1:])
