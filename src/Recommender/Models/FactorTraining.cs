using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Recommender.Factorization;
using Recommender.Interactions;

namespace Recommender.Models;

/// <summary>
/// The sweeps of one training: counted, told of, ended where they stop helping, and kept after each, so that a training that was stopped
/// goes on where it was and ends in the same bytes.
/// </summary>
internal sealed class FactorTraining
{
    private readonly InteractionMatrix _interactions;
    private readonly FactorizationOptions _options;
    private readonly TrainingConditions _conditions;
    private readonly VectorKernels _kernels;
    private readonly CancellationToken _cancellation;
    private readonly ValidationPart? _validation;
    private readonly string _key;
    private readonly List<float> _figures = [];
    private FactorPair? _best;
    private readonly ProgressMeter _meter;
    private long _saved;

    public FactorTraining(InteractionMatrix interactions, FactorizationOptions options, TrainingConditions conditions, VectorKernels kernels,
        CancellationToken cancellation)
    {
        (_interactions, _options, _conditions, _kernels, _cancellation) = (interactions, options, conditions, kernels, cancellation);
        if (options.EarlyStopping is { } early) _validation = ValidationPart.Cut(interactions, early, conditions.Seed);
        _key = conditions.Checkpoint is null ? "" : KeyOf();
        _meter = new ProgressMeter(conditions.Progress, from: 0, Training.FactorsPart, WorkPerSweep * (options.Sweeps + LastSweeps));
        _saved = conditions.Clock.GetTimestamp();
    }

    private long WorkPerSweep => (long)_interactions.RowCount + _interactions.ColumnCount;

    private int LastSweeps => _options.EarlyStopping?.FinalSweeps ?? 0;

    /// <summary>Both sides' factors.</summary>
    /// <exception cref="DivergenceException">A factor is not finite.</exception>
    public (FactorMatrix Customers, FactorMatrix Items) Run()
    {
        FactorPair trained = Trained();
        return (trained.Customers, trained.Items);
    }

    private FactorPair Trained()
    {
        SweepState? kept = Kept();
        FactorPair trained = kept is { FinalSweeps: >= 0 } ? kept.Factors : Sweeps(kept);
        if (_options.EarlyStopping is null) return trained;
        var last = new ImplicitAls(_interactions, _options, trained.Customers, trained.Items, _conditions.Threads, _kernels);
        for (int sweep = Math.Max(0, kept?.FinalSweeps ?? 0); sweep < LastSweeps; sweep++)
        {
            Sweep(last, $"sweep {sweep + 1} of {LastSweeps} over everything");
            Save(() => new SweepState(_figures.Count, sweep + 1, [.. _figures], trained, Best: null));
        }
        return trained;
    }

    private FactorPair Sweeps(SweepState? kept)
    {
        InteractionMatrix learned = _validation?.Training ?? _interactions;
        ImplicitAls als = kept is null
            ? new ImplicitAls(learned, _options, _conditions.Seed, _conditions.Threads, _kernels)
            : new ImplicitAls(learned, _options, kept.Factors.Customers, kept.Factors.Items, _conditions.Threads, _kernels);
        var current = new FactorPair(als.Customers, als.Items);
        for (int sweep = kept?.Sweeps ?? 0; sweep < _options.Sweeps && !HasStopped(); sweep++)
        {
            Sweep(als, $"sweep {sweep + 1} of {_options.Sweeps}{LastFigure()}");
            if (_validation is not null) Compare(als, current);
            Save(() => new SweepState(sweep + 1, FinalSweeps: -1, [.. _figures], current, _best));
        }
        if (_validation is not null) _meter.Begin($"best after sweep {BestSweep + 1}{LastFigure()}");
        return _best ?? current;
    }

    // The next sweep may be worse, and works in place.
    private void Compare(ImplicitAls als, FactorPair current)
    {
        _figures.Add((float)_validation!.Measure(als, _options, _conditions.Threads, _kernels, _cancellation));
        if (BestSweep != _figures.Count - 1) return;
        _best ??= current.Copy();
        current.CopyTo(_best);
    }

    private int BestSweep => _figures.IndexOf(_figures.Max());

    private bool HasStopped() => _options.EarlyStopping is { } early && _figures.Count > 0 && _figures.Count - 1 - BestSweep >= early.Patience;

    private string LastFigure() =>
        _figures.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", NDCG@20 of what is held out {_figures[^1]:0.0000}, best {_figures.Max():0.0000}");

    private void Sweep(ImplicitAls als, string step)
    {
        _cancellation.ThrowIfCancellationRequested();
        _meter.Begin(step);
        als.Sweep(rows => _meter.Add(rows, step), _cancellation);
    }

    private SweepState? Kept()
    {
        if (_conditions.Checkpoint is not { } checkpoint) return null;
        using Stream? stream = checkpoint.Open(_key);
        if (stream is null) return null;
        try
        {
            SweepState state = SweepState.ReadFrom(stream);
            _figures.AddRange(state.Figures);
            _best = state.Best;
            _meter.Resume(WorkPerSweep * (state.Sweeps + Math.Max(0, state.FinalSweeps)));
            checkpoint.Note(state.FinalSweeps < 0
                ? $"going on after sweep {state.Sweeps} of {_options.Sweeps}, where the last training of this data and recipe was stopped"
                : $"going on after sweep {state.FinalSweeps} of {LastSweeps} over everything, where the last training of this data and recipe was stopped");
            return state;
        }
        catch (InvalidModelException problem)
        {
            checkpoint.Note($"the checkpoint is ignored: {problem.Message}");
            return null;
        }
    }

    private void Save(Func<SweepState> state)
    {
        if (_conditions.Checkpoint is not { } checkpoint || _conditions.Clock.GetElapsedTime(_saved) < _conditions.CheckpointInterval) return;
        checkpoint.Save(_key, state().WriteTo);
        _saved = _conditions.Clock.GetTimestamp();
    }

    // Whatever decides the bytes of the factors: another of any of these is another training.
    private string KeyOf()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(_interactions.RowStarts));
        hash.AppendData(MemoryMarshal.AsBytes(_interactions.Columns));
        hash.AppendData(MemoryMarshal.AsBytes(_interactions.Confidences));
        string version = typeof(FactorTraining).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"{_interactions.ColumnCount} {JsonSerializer.Serialize(_options, StrictJson.Options)} {_conditions.Seed} {_kernels.GetType()} {version}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
