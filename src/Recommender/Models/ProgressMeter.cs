namespace Recommender.Models;

/// <summary>Counts the work of one stage of a training, from any thread, and tells of each thousandth of it once.</summary>
/// <param name="progress">Null where nobody looks.</param>
/// <param name="from">Part of the whole training that is done when the stage begins.</param>
/// <param name="to">And when it ends.</param>
/// <param name="whole">The stage's work.</param>
internal sealed class ProgressMeter(IProgress<TrainingProgress>? progress, double from, double to, long whole)
{
    private long _done;
    private long _reported;

    /// <summary>Goes on where a training before came to.</summary>
    public void Resume(long done) => (_done, _reported) = (done, done * 1000 / whole);

    public void Begin(string step) => progress?.Report(new TrainingProgress(step, At(Volatile.Read(ref _done))));

    public void Add(int work, string step)
    {
        if (progress is null) return;
        long done = Interlocked.Add(ref _done, work), thousandth = done * 1000 / whole, last = Volatile.Read(ref _reported);
        if (thousandth <= last || Interlocked.CompareExchange(ref _reported, thousandth, last) != last) return;
        progress.Report(new TrainingProgress(step, At(done)));
    }

    private double At(long done) => from + (to - from) * done / whole;
}
