using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Server.Profiles;
using Recommender.Server.Serving;
using Recommender.Storage;

namespace Recommender.Server.Contacts;

/// <summary>One box that was shown to somebody. A value: each answer leaves one, which is kept for long.</summary>
internal readonly record struct ShownBox(string RecommendationId, DateTimeOffset At, string Scenario, IReadOnlyList<string> ItemIds);

/// <summary>
/// What people were shown lately, in memory for those who are active; anybody else's is read with all that is kept of them. Only the last
/// boxes are held, enough to know what was ignored, and only of those about whom somebody asks. What other servers showed is not told: it
/// is read behind an answer that went by an older reading.
/// </summary>
internal sealed class Exposures(ServedLog served, Func<Person, CancellationToken, Task<PersonRecord>> read, TimeProvider time, int mostPeople, Action<Person> refresh)
{
    public const int MostBoxes = 100;
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(3);
    private readonly TwoGenerations<Person, Boxes> _memory = new(mostPeople);

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
        if (answered.Person is { } person) _memory.Find(person)?.Add(answered);
    }

    /// <summary>For who is about to read what the person was shown.</summary>
    public Reading Begin(Person person) => Begin(_memory.Hold(person));

    /// <inheritdoc cref="TwoGenerations{TKey, TValue}.Pass"/>
    public void Pass(Person person) => _memory.Pass(person);

    public void HasPassed(Person person) => _memory.HasPassed(person);

    public ShownBox[] Complete(Reading reading, IEnumerable<ServedRecommendation> shown) =>
        reading.Boxes.Complete(shown.Select(Of), reading.LeftOut, time.GetUtcNow());

    /// <summary>Reads what a person was shown by anybody since it was read last.</summary>
    public async Task RefreshAsync(Person person, CancellationToken cancellation)
    {
        if (_memory.Find(person) is not { } boxes) return;
        var reading = Begin(boxes);
        Complete(reading, await served.ShownToAsync(person, time.GetUtcNow() - Window, MostBoxes, cancellation));
    }

    public void Forget(IEnumerable<Person> people)
    {
        foreach (var person in people) _memory.Forget(person);
    }

    public void Forget(Func<Person, bool> whose) => _memory.Forget(whose);

    public void Forget() => _memory.Clear();

    private async ValueTask<IReadOnlyList<ShownBox>> OfAsync(Person person, CancellationToken cancellation)
    {
        var boxes = _memory.Hold(person);
        if (!boxes.TryGet(out var held))
        {
            var reading = Begin(boxes);
            return Complete(reading, (await read(person, cancellation)).Shown);
        }
        if (boxes.IsDue(time.GetUtcNow())) refresh(person);
        return held;
    }

    private static ShownBox Of(ServedRecommendation answered) =>
        new(answered.RecommendationId, answered.ServedAt, answered.Scenario, [.. answered.Items.Select(item => item.ItemId)]);

    private static Reading Begin(Boxes boxes) => new(boxes, boxes.LeftOut);

    /// <summary>A read of what somebody was shown that is under way.</summary>
    /// <param name="LeftOut">How much had been left out of the boxes when it began.</param>
    internal readonly record struct Reading(Boxes Boxes, int LeftOut);

    /// <summary>
    /// One person's boxes. What is shown during a read is noted beside it and kept, as long as somebody has asked: boxes of everybody,
    /// which are changed with every answer, made each collection of garbage five times as long, and most shops never ask.
    /// </summary>
    internal sealed class Boxes
    {
        private readonly Lock _gate = new();
        private readonly Queue<ShownBox> _boxes = [];
        private bool _asked, _complete;
        private DateTimeOffset _readAt;
        private int _leftOut;

        /// <summary>How much was not noted, since nobody had asked: a read that began before may lack it.</summary>
        public int LeftOut
        {
            get { lock (_gate) return _leftOut; }
        }

        /// <summary>From now on all is noted.</summary>
        public bool TryGet(out IReadOnlyList<ShownBox> boxes)
        {
            lock (_gate)
            {
                _asked = true;
                boxes = _complete ? [.. _boxes] : [];
                return _complete;
            }
        }

        /// <summary>Whether it is time to read again; true once for each time.</summary>
        public bool IsDue(DateTimeOffset now)
        {
            lock (_gate)
            {
                if (now - _readAt < _fresh) return false;
                _readAt = now;
                return true;
            }
        }

        public ShownBox[] Complete(IEnumerable<ShownBox> read, int leftOutBefore, DateTimeOffset at)
        {
            lock (_gate)
            {
                var known = read.Concat(_boxes).DistinctBy(box => box.RecommendationId);
                ShownBox[] all = [.. known.OrderBy(box => box.At).TakeLast(MostBoxes)];
                if (leftOutBefore != _leftOut) return all;
                _boxes.Clear();
                foreach (var box in all) _boxes.Enqueue(box);
                (_complete, _readAt) = (true, at);
                return all;
            }
        }

        public void Add(ServedRecommendation answered)
        {
            lock (_gate)
            {
                if (_asked)
                {
                    if (_boxes.Count == MostBoxes) _boxes.Dequeue();
                    _boxes.Enqueue(Of(answered));
                    return;
                }
                _leftOut++;
                _complete = false;
                _boxes.Clear();
            }
        }
    }
}
