using Recommender.Interactions;

namespace Recommender.Server.Profiles;

/// <summary>
/// Some people who are looked at once: what of them was not in memory before is not left there, so that a mailing to everybody does not displace
/// those who are active. What is in memory counts for them as for anybody.
/// </summary>
internal sealed class PassingPeople
{
    private readonly Shop _shop;
    private readonly List<Person> _passing = [];

    public PassingPeople(Shop shop, IEnumerable<Person> people)
    {
        _shop = shop;
        foreach (var person in people)
        {
            if (!shop.Histories.IsHeld(person)) _passing.Add(person);
        }
    }

    public void Leave()
    {
        foreach (var person in _passing)
        {
            Leave(person);
            if (_shop.Identities.LetGo(person) is not { IsAlone: false } circle) continue;
            foreach (var linked in circle.People) Leave(linked);
        }
    }

    private void Leave(Person person)
    {
        _shop.Histories.Forget([person]);
        _shop.Facts.Forget(person);
        _shop.Exposures.Forget([person]);
        _shop.Relationships.Forget(person);
    }
}
