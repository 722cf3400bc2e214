using System.Collections.Frozen;
using Recommender.Questionnaires;
using Recommender.Storage;

namespace Recommender.Server.Questionnaires;

/// <summary>A definition with the text it was read from.</summary>
internal sealed record StoredQuestionnaire(Questionnaire Definition, DateTimeOffset At, string Json);

/// <summary>The shop's questionnaires in memory, drafts and every version, replaced whole at every change.</summary>
internal sealed class QuestionnaireList(IQuestionnaireStore store, Tenant tenant, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private FrozenDictionary<(string Id, int Version), StoredQuestionnaire> _stored = FrozenDictionary<(string, int), StoredQuestionnaire>.Empty;
    private AnswerMeanings _meanings = AnswerMeanings.None;

    /// <summary>By id and version, drafts first.</summary>
    public IEnumerable<StoredQuestionnaire> All =>
        Volatile.Read(ref _stored).Values.OrderBy(one => one.Definition.Id, StringComparer.Ordinal).ThenBy(one => one.Definition.Version);

    public IEnumerable<string> Ids => Volatile.Read(ref _stored).Keys.Select(key => key.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>What the options of all published versions say.</summary>
    public AnswerMeanings Meanings => Volatile.Read(ref _meanings);

    /// <summary>Version 0 is the draft.</summary>
    public StoredQuestionnaire? Find(string id, int version) => Volatile.Read(ref _stored).GetValueOrDefault((id, version));

    /// <summary>The newest version that was published, 0 if none was.</summary>
    public int Newest(string id)
    {
        var stored = Volatile.Read(ref _stored);
        int version = 0;
        while (stored.ContainsKey((id, version + 1))) version++;
        return version;
    }

    public Task LoadAsync(CancellationToken cancellation) => ExclusivelyAsync(() => ReadAsync(cancellation), cancellation);

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var read = new Dictionary<(string, int), StoredQuestionnaire>();
        foreach (var version in await store.ListAsync(tenant, cancellation))
            read.Add((version.Id, version.Version), new StoredQuestionnaire(QuestionnaireReader.Read(version.Definition, version.Version), version.At, version.Definition));
        Volatile.Write(ref _meanings, AnswerMeanings.Of(read.Values.Select(one => one.Definition)));
        Volatile.Write(ref _stored, read.ToFrozenDictionary());
    }

    public Task SaveDraftAsync(string id, string json, CancellationToken cancellation) =>
        ChangeAsync(() => store.SaveDraftAsync(tenant, new QuestionnaireVersion(id, 0, time.GetUtcNow(), json), CancellationToken.None), cancellation);

    /// <summary>False if the version was there already, and then nothing is changed.</summary>
    public async Task<bool> TryPublishAsync(string id, int version, string json, CancellationToken cancellation)
    {
        bool published = false;
        await ChangeAsync(async () => published = await store.TryPublishAsync(tenant, new QuestionnaireVersion(id, version, time.GetUtcNow(), json), CancellationToken.None),
            cancellation);
        return published;
    }

    private Task ChangeAsync(Func<Task> change, CancellationToken cancellation) => ExclusivelyAsync(async () =>
    {
        await change();
        // What is on disk must also be in memory, whoever has given up waiting.
        await ReadAsync(CancellationToken.None);
    }, cancellation);

    private async Task ExclusivelyAsync(Func<Task> work, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try { await work(); }
        finally { _writing.Release(); }
    }

    public void Dispose() => _writing.Dispose();
}
