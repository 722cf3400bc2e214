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
            if (shop.Histories.IsHeld(person)) continue;
            _passing.Add(person);
            shop.Histories.Pass(person);
            shop.Facts.Pass(person);
            shop.Exposures.Pass(person);
        }
    }

    public void Leave()
    {
        foreach (var person in _passing)
        {
            _shop.Histories.HasPassed(person);
            _shop.Facts.HasPassed(person);
            _shop.Exposures.HasPassed(person);
            _shop.Relationships.Forget(person);
            if (_shop.Identities.LetGo(person) is not { IsAlone: false } circle) continue;
            foreach (var linked in circle.People.Where(linked => linked != person)) Leave(linked);
        }
    }

    // Who belongs to whom is known only once they are read: these are held as anybody is.
    private void Leave(Person linked)
    {
        _shop.Histories.Forget([linked]);
        _shop.Facts.Forget(linked);
        _shop.Exposures.Forget([linked]);
        _shop.Relationships.Forget(linked);
    }
}
