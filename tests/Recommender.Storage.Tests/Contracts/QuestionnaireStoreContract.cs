using System.Text;
using static Recommender.Storage.Tests.Contracts.Events;

namespace Recommender.Storage.Tests.Contracts;

public abstract class QuestionnaireStoreContract(IStoreEngine engine) : StoreContract(engine)
{
    private IQuestionnaireStore Questionnaires => Store.Questionnaires;

    private static QuestionnaireVersion Taste(int version, string definition = "{}") => new("taste", version, Noon.AddTicks(version), definition);

    [Fact]
    public async Task A_draft_is_replaced_and_a_version_is_for_good()
    {
        await Questionnaires.SaveDraftAsync(Books, Taste(0, "first"), Stop);
        Assert.True(await Questionnaires.TryPublishAsync(Books, Taste(1, "first"), Stop));
        await Questionnaires.SaveDraftAsync(Books, Taste(0, "second"), Stop);
        Assert.False(await Questionnaires.TryPublishAsync(Books, Taste(1, "second"), Stop));
        await ReopenAsync();
        Assert.Equal([Taste(0, "second"), Taste(1, "first")], await Questionnaires.ListAsync(Books, Stop));
    }

    [Fact]
    public async Task They_are_listed_in_the_order_of_their_ids_UTF8_bytes_and_of_their_versions()
    {
        string[] ids = ["\U0001F4DA", "\uffff", "b", "B"];
        foreach (string id in ids)
        {
            foreach (int version in (int[])[10, 9, 2]) await Questionnaires.TryPublishAsync(Books, new(id, version, Noon, "{}"), Stop);
        }
        Assert.Equal(
            ids.OrderBy(id => Convert.ToHexString(Encoding.UTF8.GetBytes(id)), StringComparer.Ordinal).SelectMany(id => (IEnumerable<(string, int)>)[(id, 2), (id, 9), (id, 10)]),
            (await Questionnaires.ListAsync(Books, Stop)).Select(one => (one.Id, one.Version)));
    }

    [Fact]
    public async Task Of_many_who_publish_one_version_exactly_one_does()
    {
        bool[] published = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(
            () => Questionnaires.TryPublishAsync(Books, Taste(1, $"{i}"), Stop), Stop)));
        Assert.Equal($"{Array.IndexOf(published, true)}", Assert.Single(await Questionnaires.ListAsync(Books, Stop)).Definition);
        Assert.Single(published, one => one);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        await Questionnaires.SaveDraftAsync(Books, new(text, 0, Noon, text), Stop);
        Assert.Equal([new(text, 0, Noon, text)], await Questionnaires.ListAsync(Books, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await Questionnaires.TryPublishAsync(Books, Taste(1, "books"), Stop);
        Assert.True(await Questionnaires.TryPublishAsync(Wines, Taste(1, "wines"), Stop));
        Assert.Equal([Taste(1, "books")], await Questionnaires.ListAsync(Books, Stop));
    }

    [Fact]
    public async Task A_draft_that_is_a_version_and_a_version_that_is_a_draft_are_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Questionnaires.SaveDraftAsync(Books, Taste(1), Stop));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Questionnaires.TryPublishAsync(Books, Taste(0), Stop));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Questionnaires.TryPublishAsync(Books, Taste(-1), Stop));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Questionnaires.SaveDraftAsync(Books, new("", 0, Noon, "{}"), Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Questionnaires.SaveDraftAsync(Books, Taste(0), new CancellationToken(canceled: true)));
        Assert.Empty(await Questionnaires.ListAsync(Books, Stop));
    }
}
