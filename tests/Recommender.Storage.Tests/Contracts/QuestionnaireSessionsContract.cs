using Recommender.Interactions;
using Recommender.Questionnaires;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class QuestionnaireSessionsContract(IStoreEngine engine) : StoreContract(engine)
{
    private IQuestionnaireSessions Sessions => Store.Sessions;

    private static QuestionnaireSession Session(string id, int minute = 0) => new(id, "taste", 3, Person.Visitor("cookie"), "sv-SE", Noon.AddMinutes(minute));

    [Fact]
    public async Task A_session_goes_on_after_reopening_and_ends_once()
    {
        Assert.True(await Sessions.TryStartAsync(Books, Session("s"), Stop));
        await ReopenAsync();
        Assert.Equal(Session("s"), await Sessions.FindAsync(Books, "s", Stop));
        Assert.Null(await Sessions.FindAsync(Books, "unknown", Stop));

        Assert.True(await Sessions.TryEndAsync(Books, "s", Noon.AddMinutes(5), Stop));
        Assert.False(await Sessions.TryEndAsync(Books, "s", Noon.AddMinutes(6), Stop));
        Assert.False(await Sessions.TryEndAsync(Books, "unknown", Noon, Stop));
        Assert.Equal(Session("s") with { EndedAt = Noon.AddMinutes(5) }, await Sessions.FindAsync(Books, "s", Stop));
    }

    [Fact]
    public async Task An_id_is_entered_once_whoever_comes_with_it()
    {
        bool[] started = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => Sessions.TryStartAsync(Books, Session("s") with { Version = i }, Stop), Stop)));
        Assert.Single(started, one => one);
        Assert.Equal(Array.IndexOf(started, true), (await Sessions.FindAsync(Books, "s", Stop))!.Version);
    }

    [Fact]
    public async Task A_persons_sessions_are_theirs_alone_newest_first()
    {
        foreach (int minute in (int[])[2, 1, 3]) await Sessions.TryStartAsync(Books, Session($"s{minute}", minute), Stop);
        await Sessions.TryStartAsync(Books, Session("customer of that name") with { Person = Person.Customer("cookie") }, Stop);
        await Sessions.TryStartAsync(Books, Session("another") with { Person = Person.Visitor("Cookie") }, Stop);
        Assert.Equal([Session("s3", 3), Session("s2", 2), Session("s1", 1)], await Sessions.ListAsync(Books, Person.Visitor("cookie"), Stop));
        Assert.Empty(await Sessions.ListAsync(Books, Person.Visitor("nobody"), Stop));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        QuestionnaireSession session = new(text, text, 1, Person.Customer(text), text, Noon) { EndedAt = Noon };
        await Sessions.TryStartAsync(Books, session, Stop);
        Assert.Equal(session, await Sessions.FindAsync(Books, text, Stop));
        Assert.Equal([session], await Sessions.ListAsync(Books, session.Person, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await Sessions.TryStartAsync(Books, Session("s"), Stop);
        Assert.True(await Sessions.TryStartAsync(Wines, Session("s", 1), Stop));
        Assert.True(await Sessions.TryEndAsync(Wines, "s", Noon, Stop));
        Assert.Equal(Session("s"), await Sessions.FindAsync(Books, "s", Stop));
        Assert.Equal([Session("s")], await Sessions.ListAsync(Books, Session("s").Person, Stop));
    }

    [Fact]
    public async Task A_session_of_nothing_or_nobody_is_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Sessions.TryStartAsync(Books, Session(""), Stop));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Sessions.TryStartAsync(Books, Session("s") with { QuestionnaireId = "" }, Stop));
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => Sessions.TryStartAsync(Books, Session("s") with { Person = default }, Stop));
        Assert.Contains("session s: person", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Sessions.TryStartAsync(Books, Session("s"), new CancellationToken(canceled: true)));
        Assert.Null(await Sessions.FindAsync(Books, "s", Stop));
    }
}
