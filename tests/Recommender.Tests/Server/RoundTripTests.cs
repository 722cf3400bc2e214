using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Pressure;
using Recommender.Ranking;
using Recommender.Server;
using Recommender.Server.Serving;

namespace Recommender.Tests.Server;

/// <summary>How often an answer asks the store. Across a network each time costs more than all the rest of the answer.</summary>
public sealed class RoundTripTests(ServersOfOneShop servers) : IClassFixture<ServersOfOneShop>
{
    private const string Read = "IPersonRecords.ReadAsync";

    [Fact]
    public async Task Somebody_unknown_here_costs_one_read_and_everybody_else_none()
    {
        Assert.Equal([Read], await ReadsAsync(Person.Customer("crime-reader-1"), ""));
        Assert.Equal([], await ReadsAsync(Person.Customer("crime-reader-1"), ""));
        Assert.Equal([Read], await ReadsAsync(Person.Visitor("nobody"), ""));
        Assert.Equal([], await ReadsAsync(Person.Visitor("nobody"), ""));
        Assert.Equal([], await ReadsAsync(null, ""));
    }

    [Fact]
    public async Task Stages_rotation_budgets_and_consent_cost_no_more()
    {
        await using var shop = await servers.OpenAsync();
        await shop.Scenarios.UpsertAsync(Everything, CancellationToken.None);
        await shop.Contacts.SetPolicyAsync(new ContactPolicy
        {
            Budgets = [new([ContactPolicy.Web], 1000, 7, []), new([], 4, 7, []), new([ContactPolicy.Web], 500, 30, ["engagement"])],
            ConsentChannels = ["web"],
        }, CancellationToken.None);
        await servers.One.Profiles.ChangeAsync("crime-reader-2", known => known with
        {
            Consents = [new(ContactPolicy.Marketing, ContactPolicy.Web, true, servers.Clock.GetUtcNow(), "customer")],
        }, CancellationToken.None);

        Assert.Equal([Read], await ReadsAsync(Person.Customer("crime-reader-2"), "everything", shop));
        Assert.Equal([], await ReadsAsync(Person.Customer("crime-reader-2"), "everything", shop));
        await shop.Contacts.SetPolicyAsync(new ContactPolicy(), CancellationToken.None);
    }

    [Fact]
    public async Task A_linked_circle_costs_one_read_a_person_of_it()
    {
        var device = Person.Visitor("device");
        await servers.One.Linking.LinkAsync(device, "garden-reader-3", null, "sign-in", CancellationToken.None);
        await servers.One.Linking.LinkAsync(Person.Customer("garden-reader-4"), "garden-reader-3", null, "staff", CancellationToken.None);
        await using var shop = await servers.OpenAsync();
        await shop.Scenarios.UpsertAsync(Everything, CancellationToken.None);

        Assert.Equal([Read, Read, Read], await ReadsAsync(device, "everything", shop));
        Assert.Equal([], await ReadsAsync(device, "everything", shop));
        // Who belongs to whom is read once more for each of them; what they did is known.
        Assert.All(await ReadsAsync(Person.Customer("garden-reader-3"), "everything", shop), read => Assert.Equal(Read, read));
        Assert.Equal([], await ReadsAsync(Person.Customer("garden-reader-3"), "everything", shop));
    }

    private static Scenario Everything { get; } = new("everything")
    {
        Rotation = new RotationOptions { AfterShown = 50 },
        Stages = System.Collections.Immutable.ImmutableSortedDictionary<LifeCycleStage, StageBehaviour>.Empty.Add(
            LifeCycleStage.Expansion, new StageBehaviour { Explore = 0.1, BringBack = [BringBack.LeftInCart, BringBack.Replenish, BringBack.NewSinceLastVisit] }),
        Guardrails = [new(RelationshipIndicator.Satisfaction, 10) { StaySilent = true }],
    };

    private async Task<IReadOnlyList<string>> ReadsAsync(Person? person, string scenario, Shop? shop = null)
    {
        shop ??= servers.Other;
        // What is kept behind earlier changes reads, too.
        await servers.One.Kept.SettleAsync(CancellationToken.None);
        await shop.Kept.SettleAsync(CancellationToken.None);
        servers.Observed.TakeReads();
        var answer = await shop.Recommending.AnswerAsync(new RecommendQuery { Person = person, ScenarioId = scenario }, CancellationToken.None);
        Assert.NotEmpty(answer.Served.Items);
        return servers.Observed.TakeReads();
    }
}
