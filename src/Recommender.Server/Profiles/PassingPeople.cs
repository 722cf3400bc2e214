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

    public async Task LeaveAsync(CancellationToken cancellation)
    {
        foreach (var person in _passing)
        {
            // In memory still, so that nothing is read to forget it.
            var circle = await _shop.Identities.OfAsync(person, cancellation);
            foreach (var one in circle.People.Append(person).Distinct())
            {
                _shop.Histories.Forget([one]);
                _shop.Facts.Forget(one);
                _shop.Exposures.Forget([one]);
                _shop.Relationships.Forget(one);
                _shop.Identities.LetGo(one);
            }
        }
    }
}
