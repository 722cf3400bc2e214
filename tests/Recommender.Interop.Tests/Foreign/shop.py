"""A shop's engineer with Python and nothing of ours: learns the protocol by reflection, fills a shop, trains it, and asks."""
import json
import random
import sys

import grpc

from interop import Protocol, learned

SERVICES = ["CatalogService", "EventService", "RecommendationService", "ModelService"]


def titled(item, title):
    item.attributes["title"].text = title
    return item


def main(port, bootstrap, learned_path):
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    with open(learned_path, "wb") as file:
        file.write(learned(channel, bootstrap, SERVICES).SerializeToString())
    shop = Protocol(learned_path)
    message = lambda name: shop.message("recommender.v1." + name)
    catalog, events, recommendations, models = (shop.stub(channel, "recommender.v1." + service) for service in SERVICES)

    kinds = ("crime", "garden")
    catalog.UpsertItems(message("UpsertItemsRequest")(items=[
        titled(message("Item")(item_id=f"{kind}-{n}"), f"{kind} book {n}") for kind in kinds for n in range(12)]))

    def purchases():
        for reader in range(60):
            kind = kinds[reader % 2]
            chosen = random.Random(reader).sample(range(12), 6)
            yield message("ImportEventsRequest")(import_id="from-python" if reader == 0 else "", events=[
                {"event_id": f"{reader}-{n}", "type": "purchase", "customer_id": f"{kind}-reader-{reader}", "item_id": f"{kind}-{n}"}
                for n in sorted(chosen)])

    imported = events.ImportEvents(purchases())
    steps = list(models.Train(message("TrainRequest")(recipe_json='{"factorization":{"factors":2}}')))
    answer = recommendations.Recommend(message("RecommendRequest")(
        visitor_id="new", session_item_ids=["garden-1", "garden-2"], count=3, property_mask={"paths": ["title"]}))
    explained = recommendations.Explain(message("ExplainRequest")(recommendation_id=answer.recommendation_id))
    try:
        recommendations.Recommend(message("RecommendRequest")(count=0))
        refused = "nothing"
    except grpc.RpcError as error:
        refused = f"{error.code().name}: {error.details()}"
    print(json.dumps({
        "recorded": imported.state.recorded,
        "statuses": len(imported.statuses),
        "trained": steps[-1].model.live,
        "items": [item.item_id for item in answer.items],
        "titles": [item.properties["title"].text for item in answer.items],
        "reasons": [item.reasons[0].text for item in answer.items],
        "explained": [item.item_id for item in explained.items],
        "refused": refused,
    }), flush=True)


main(*sys.argv[1:])
