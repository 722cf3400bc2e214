using System.Collections.Concurrent;
using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Server.Profiles;
using Recommender.Server.Serving;

namespace Recommender.Server.Contacts;

/// <summary>One box that was shown to somebody.</summary>
internal sealed record ShownBox(string RecommendationId, DateTimeOffset At, string Scenario, IReadOnlyList<string> ItemIds);

/// <summary>
/// What people were shown lately, in memory for those who are active; anybody else's is one read of what was served. Only the last boxes are
/// held, enough to know what was ignored.
/// </summary>
internal sealed class Exposures(ServedLog served, TimeProvider time, int mostPeople)
{
    public const int MostBoxes = 100;
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    private volatile ConcurrentDictionary<Person, Boxes> _young = new();
    private volatile ConcurrentDictionary<Person, Boxes> _old = new();

    /// <summary>Boxes of the last 30 days that were shown to the person or, on linked devices, as the person; oldest first.</summary>
    public async ValueTask<IReadOnlyList<ShownBox>> OfAsync(Circle circle, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - Window;
        if (circle.IsAlone) return [.. (await OfAsync(circle.Root, cancellation)).Where(box => box.At >= since)];
        var all = new List<ShownBox>();
        foreach (var person in circle.People)
            all.AddRange((await OfAsync(person, cancellation)).Where(box => box.At >= since && circle.Map.OwnerOf(person, box.At) == circle.Root));
        return [.. all.OrderBy(box => box.At)];
    }

    /// <summary>Notes what was just answered, if the person's are held; whoever is not held is read with it.</summary>
    public void Add(ServedRecommendation answered)
    {
        if (answered.Person is not { } person) return;
        if (_young.TryGetValue(person, out var boxes) || _old.TryGetValue(person, out boxes)) boxes.Add(Of(answered));
    }

    public void Forget(IEnumerable<Person> people)
    {
        foreach (var person in people)
        {
            _young.TryRemove(person, out _);
            _old.TryRemove(person, out _);
        }
    }

    private async ValueTask<IReadOnlyList<ShownBox>> OfAsync(Person person, CancellationToken cancellation)
    {
        if (!_young.TryGetValue(person, out var boxes))
        {
            if (!_old.TryGetValue(person, out boxes)) boxes = new Boxes();
            boxes = _young.GetOrAdd(person, boxes);
            if (_young.Count >= mostPeople / 2) (_old, _young) = (_young, new());
        }
        if (boxes.TryGet(out var held)) return held;
        var shown = await served.ShownToAsync(person, time.GetUtcNow() - Window, MostBoxes, cancellation);
        return boxes.Complete(shown.Select(Of).Reverse());
    }

    private static ShownBox Of(ServedRecommendation answered) =>
        new(answered.RecommendationId, answered.ServedAt, answered.Scenario, [.. answered.Items.Select(item => item.ItemId)]);

    /// <summary>One person's boxes. What is shown during the first read is noted beside it and put in at its end.</summary>
    private sealed class Boxes
    {
        private readonly Lock _gate = new();
        private ShownBox[] _boxes = [];
        private bool _complete;

        public bool TryGet(out IReadOnlyList<ShownBox> boxes)
        {
            lock (_gate)
            {
                boxes = _boxes;
                return _complete;
            }
        }

        public ShownBox[] Complete(IEnumerable<ShownBox> read)
        {
            lock (_gate)
            {
                if (!_complete) _boxes = [.. read.Concat(_boxes).DistinctBy(box => box.RecommendationId)];
                _complete = true;
                return _boxes;
            }
        }

        public void Add(ShownBox box)
        {
            lock (_gate) _boxes = [.. _boxes.Length < MostBoxes ? _boxes : _boxes.AsSpan(_boxes.Length - MostBoxes + 1).ToArray(), box];
        }
    }
}
