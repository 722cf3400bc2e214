using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Storage;

namespace Recommender.Tests.Models;

public sealed class SweepCheckpointTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly List<string> _notes = [];
    private readonly TrainingSet _set = SmallShop.Random(7, customers: 120, items: 60);

    private TrainingCheckpoint? _kept;

    public void Dispose()
    {
        _kept?.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private string File => Path.Combine(_folder, "training.checkpoint");

    public static TheoryData<string, string> Interruptions => new()
    {
        { "{}", "sweep 4 of 9" },
        { """{"solver":"subspace"}""", "sweep 9 of 9" },
        { """{"early_stopping":{"customers":50,"patience":20,"final_sweeps":3}}""", "sweep 6 of 9" },
        { """{"early_stopping":{"customers":50,"patience":20,"final_sweeps":3}}""", "sweep 2 of 3 over everything" },
        { """{"early_stopping":{"customers":50,"patience":20,"final_sweeps":3}}""", "neighbours" },
    };

    [Theory]
    [MemberData(nameof(Interruptions))]
    public void A_training_that_was_stopped_ends_in_the_same_bytes_as_one_that_was_not(string factorization, string stoppedIn)
    {
        Recipe recipe = RecipeOf(factorization);
        byte[] expected = Bytes(Train(recipe, new TrainingConditions()));

        using var stopping = new CancellationTokenSource();
        var stopper = new Stopper(stoppedIn, stopping);
        Assert.ThrowsAny<OperationCanceledException>(() => Train(recipe, Kept() with { Progress = stopper }, stopping.Token));
        Assert.True(System.IO.File.Exists(File));
        Assert.Empty(_notes);

        var sweeps = new Stopper("never", stopping: null);
        Assert.Equal(expected, Bytes(Train(recipe, Kept() with { Progress = sweeps, Threads = 3 })));
        Assert.Contains("going on after sweep", Assert.Single(_notes), StringComparison.Ordinal);
        Assert.DoesNotContain(sweeps.Seen, step => step.StartsWith("sweep 1 of 9", StringComparison.Ordinal));
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("other data")]
    [InlineData("other recipe")]
    [InlineData("other seed")]
    [InlineData("damaged")]
    [InlineData("cut off")]
    [InlineData("something else")]
    public void A_checkpoint_that_is_damaged_or_foreign_is_ignored_with_a_note(string what)
    {
        Recipe recipe = RecipeOf("{}");
        using var stopping = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Train(recipe, Kept() with { Progress = new Stopper("sweep 5 of 9", stopping) }, stopping.Token));
        TrainingSet set = what == "other data" ? SmallShop.Random(8, customers: 120, items: 60) : _set;
        if (what == "other recipe") recipe = recipe with { Factorization = recipe.Factorization with { Regularisation = 0.1 } };
        TrainingConditions conditions = Kept() with { Seed = what == "other seed" ? 2UL : 1 };
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        if (what == "damaged") bytes[^100] ^= 1;
        if (what == "cut off") bytes = bytes[..^50];
        if (what == "something else") bytes = "not ours"u8.ToArray();
        System.IO.File.WriteAllBytes(File, bytes);

        byte[] expected = Bytes(Train(set, recipe, conditions with { Checkpoint = null }, CancellationToken.None));
        Assert.Equal(expected, Bytes(Train(set, recipe, conditions, CancellationToken.None)));
        Assert.Contains("is ignored", Assert.Single(_notes), StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void What_is_kept_too_often_is_kept_less_often()
    {
        using var stopping = new CancellationTokenSource();
        TrainingConditions seldom = Kept() with { CheckpointInterval = TimeSpan.FromHours(1), Progress = new Stopper("sweep 5 of 9", stopping) };
        Assert.ThrowsAny<OperationCanceledException>(() => Train(RecipeOf("{}"), seldom, stopping.Token));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void A_second_training_in_the_same_folder_keeps_no_checkpoint_and_says_so_and_the_first_one_goes_on()
    {
        Recipe recipe = RecipeOf("{}");
        byte[] expected = Bytes(Train(recipe, new TrainingConditions()));
        using var elsewhere = new TrainingCheckpoint(_folder, _notes.Add);
        byte[]? beside = null;
        var other = new Meanwhile("sweep 5 of 9", () =>
        {
            byte[] before = System.IO.File.ReadAllBytes(File);
            beside = Bytes(Train(recipe, new TrainingConditions { Checkpoint = elsewhere, CheckpointInterval = TimeSpan.Zero }));
            Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        });

        byte[] first = Bytes(Train(recipe, Kept() with { Progress = other }));

        Assert.Equal(expected, first);
        Assert.Equal(expected, beside);
        string note = Assert.Single(_notes);
        Assert.Contains("another training keeps its checkpoint", note, StringComparison.Ordinal);
        Assert.Contains(_folder, note, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void What_trainings_left_in_a_folder_can_be_forgotten_also_what_was_half_written()
    {
        using var stopping = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Train(RecipeOf("{}"), Kept() with { Progress = new Stopper("sweep 5 of 9", stopping) }, stopping.Token));
        System.IO.File.Copy(File, $"{File}.tmp");

        TrainingCheckpoint.Forget(_folder);

        Assert.All(Directory.GetFiles(_folder), file => Assert.Equal(0, new FileInfo(file).Length));
        TrainingCheckpoint.Forget(_folder);
        TrainingCheckpoint.Forget(Path.Combine(_folder, "is-not-there"));
    }

    private TrainingConditions Kept()
    {
        _kept?.Dispose();
        _kept = new TrainingCheckpoint(_folder, _notes.Add);
        return new() { Checkpoint = _kept, CheckpointInterval = TimeSpan.Zero };
    }

    private static Recipe RecipeOf(string factorization)
    {
        Recipe recipe = Recipe.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"factorization":{{factorization}}}"""));
        return recipe with { Factorization = recipe.Factorization with { Factors = 40, Sweeps = 9 } };
    }

    private TrainedModel Train(Recipe recipe, TrainingConditions conditions, CancellationToken cancellation = default) =>
        Train(_set, recipe, conditions, cancellation);

    private static TrainedModel Train(TrainingSet set, Recipe recipe, TrainingConditions conditions, CancellationToken cancellation = default) => Training.Run(
        set, recipe, conditions with { AvailableBytes = SmallShop.PlentyOfMemory }, cancellation);

    private static byte[] Bytes(TrainedModel model)
    {
        using var all = new MemoryStream();
        foreach (FactorMatrix factors in (FactorMatrix[])[model.ItemFactors, model.Customers!.Factors])
            all.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(factors.Padded));
        return all.ToArray();
    }

    private sealed class Stopper(string at, CancellationTokenSource? stopping) : IProgress<TrainingProgress>
    {
        private readonly Lock _gate = new();

        public List<string> Seen { get; } = [];

        public void Report(TrainingProgress value)
        {
            lock (_gate) Seen.Add(value.Step);
            if (value.Step.StartsWith(at, StringComparison.Ordinal)) stopping?.Cancel();
        }
    }

    /// <summary>Does something once, when a step begins.</summary>
    private sealed class Meanwhile(string at, Action act) : IProgress<TrainingProgress>
    {
        private int _done;

        public void Report(TrainingProgress value)
        {
            if (value.Step.StartsWith(at, StringComparison.Ordinal) && Interlocked.Exchange(ref _done, 1) == 0) act();
        }
    }
}
