"""A mailing by a shop's engineer with Python: a segment is answered in a stream that is broken off, gone on with, and refused where it makes no sense."""
import random
import sys

import grpc

from interop import Caller, Protocol, learned, refused, say

SERVICES = ["CatalogService", "EventService", "ModelService", "CustomerService", "ScenarioService", "RecommendationService"]
KINDS, READERS, AUSTRIANS = ("crime", "garden"), 60, 250
SEGMENT = dict(customer_filter='customer.country == "Austria"', scenario="mailing", property_mask="title")


def fill(shop):
    shop.UpsertItems(items=[
        {"item_id": f"{kind}-{n}", "attributes": {"title": {"text": f"{kind} book {n}"}}} for kind in KINDS for n in range(20)])
    bought = [
        {"event_id": f"{reader}-{n}", "type": "purchase", "customer_id": f"reader-{reader:03}", "item_id": f"{KINDS[reader % 2]}-{n}"}
        for reader in range(READERS) for n in random.Random(reader).sample(range(20), 8)]
    shop.RecordEvents(events=bought)
    list(shop.Train(recipe_json='{"factorization":{"factors":2}}'))
    shop.UpsertScenario(scenario={"scenario_id": "mailing", "default_count": 3})
    for country, ids in (("Austria", range(AUSTRIANS)), ("Germany", range(AUSTRIANS, AUSTRIANS + 50))):
        shop.UpsertCustomers(customers=[{"customer_id": f"reader-{n:03}", "attributes": {"country": {"text": country}}} for n in ids])


def people(messages):
    return [one.customer_id for message in messages for one in message.recommendations]


def answers(shop):
    """The whole segment, and what one of it is told when asked for alone."""
    messages = list(shop.RecommendBatch(**SEGMENT))
    first = messages[0].recommendations[0]
    alone = shop.Recommend(customer_id=first.customer_id, scenario="mailing", property_mask="title")
    return {
        "people": people(messages), "sizes": [len(message.recommendations) for message in messages],
        "done": [message.progress.done for message in messages],
        "model": messages[0].model_version, "alone_model": alone.model_version,
        "items": first.items, "alone": alone.items,
    }


def goes_on(shop):
    """Broken off after the first message, by us; then from its mark, and from the very last."""
    call = shop.RecommendBatch(**SEGMENT)
    first = next(call)
    call.cancel()
    rest = list(shop.RecommendBatch(**SEGMENT, resume_token=first.resume_token))
    nothing = list(shop.RecommendBatch(**SEGMENT, resume_token=rest[-1].resume_token))
    return {"first": people([first]), "rest": people(rest), "done": rest[-1].progress.done, "nothing": people(nothing)}


def breaks_off(shop):
    """So much that it does not fit on the way: the server has not come to its end when the call is cancelled."""
    crowd = [f"crowd-{n:05}" for n in range(20_000)]
    call = shop.RecommendBatch(customer_ids=crowd, count=40, property_mask="title")
    first = next(call)
    call.cancel()
    try:
        for _ in call:
            pass
    except grpc.RpcError:
        pass
    return {"first": people([first]), "code": call.code().name, "last": crowd[-1]}


def asks_wrongly(shop, browser, stranger):
    batch, token = shop.RecommendBatch, next(shop.RecommendBatch(**SEGMENT)).resume_token
    read = lambda call: lambda **fields: list(call(**fields))
    return {
        "count": refused(read(batch), count=1001),
        "whom": refused(read(batch), customer_ids=["reader-1"], customer_search="reader"),
        "segment": refused(read(batch), customer_filter="customer.country == 7"),
        "filter": refused(read(batch), filter='item.titel == "x"'),
        "scenario": refused(read(batch), scenario="mailin"),
        "other_token": refused(read(batch), **{**SEGMENT, "scenario": ""}, resume_token=token),
        "no_token": refused(read(batch), resume_token="once upon a time"),
        "browser": refused(read(browser.RecommendBatch), **SEGMENT),
        "stranger": refused(read(stranger.RecommendBatch), **SEGMENT),
    }


def main(port, bootstrap, learned_path, server_key, browser_key):
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    with open(learned_path, "wb") as file:
        file.write(learned(channel, bootstrap, SERVICES).SerializeToString())
    protocol = Protocol(learned_path)
    shop, browser, stranger = (Caller(protocol, channel, SERVICES, key) for key in (server_key, browser_key, "made-up"))
    fill(shop)
    say(answered=answers(shop), gone_on=goes_on(shop), broken_off=breaks_off(shop), refused=asks_wrongly(shop, browser, stranger))


main(*sys.argv[1:])
