"""The bookshop of relationship.py before the story begins: books, two years of its readers' purchases, its home page and its questions."""
import random
from datetime import timedelta

GENRES = ["crime", "garden", "cooking", "history"]
BOOKS, READERS, YEARS = 24, 120, 2

HOME = {
    "scenario_id": "home", "default_count": 6, "rotation": {"after_shown": 12, "rest_days": 7},
    "stages": {
        "exploration": {"explore": 0.3},
        "engagement": {"explore": 0},
        "dissolution": {"bring_back": ["BRING_BACK_LEFT_IN_CART", "BRING_BACK_NEW_SINCE_LAST_VISIT", "BRING_BACK_REPLENISH"]},
    },
}
ONBOARDING = {
    "id": "onboarding", "language": "en", "title": "What do you like to read?", "max_questions": 4,
    "questions": [
        {"id": "genre", "kind": "single", "text": "Which shelf do you go to first?", "options": [
            {"id": genre, "text": genre.title(), "means": f'item.genre == "{genre}"'} for genre in GENRES]},
        *({"id": f"books_{n}", "kind": "items", "text": "Have you liked any of these?", "adaptive": 4, "answer": "rate"} for n in range(3)),
        {"id": "birthday", "kind": "date", "text": "When may we congratulate you?", "fills": "birthday"},
    ],
}


def book(genre, n):
    return {"item_id": f"{genre}-{n}", "attributes": {
        "title": {"text": f"{genre.title()} book {n}"}, "genre": {"text": genre},
        "author": {"text": f"{genre.title()} author {n % 4}"}, "price": {"number": 10 + n % 7}}}


def bought(event_id, customer, item, at=None, **more):
    more = {"occurred_at": at.isoformat(), **more} if at else more
    return {"event_id": event_id, "type": "purchase", "customer_id": customer, "item_id": item, "price": 12, "currency": "EUR", **more}


def purchases(now):
    """Everybody has a favourite genre and a rhythm of their own; some have left."""
    for reader in range(READERS):
        dice = random.Random(reader)
        rhythm, day = dice.uniform(20, 60), dice.uniform(0, 200)
        last = dice.uniform(300, 600) if reader % 5 == 0 else 365 * YEARS
        while (day := day + dice.expovariate(1 / rhythm)) < last:
            genre = GENRES[reader % len(GENRES)] if dice.random() < 0.85 else dice.choice(GENRES)
            item = f"{genre}-{int(BOOKS * dice.random() ** 2)}"
            yield bought(f"{reader}-{day:.3f}", f"reader-{reader}", item, now - timedelta(days=365 * YEARS - day))
