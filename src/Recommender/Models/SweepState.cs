using Recommender.Factorization;

namespace Recommender.Models;

/// <summary>A factorization between two sweeps: all that the remaining ones depend on.</summary>
/// <param name="Sweeps">Sweeps done.</param>
/// <param name="FinalSweeps">Sweeps done over everything after early stopping; -1 before it stops.</param>
/// <param name="Figures">What early stopping measured after each sweep.</param>
/// <param name="Factors">As they are now.</param>
/// <param name="Best">As they were after the best sweep; null where nothing is measured, and at the end.</param>
internal sealed record SweepState(int Sweeps, int FinalSweeps, float[] Figures, FactorPair Factors, FactorPair? Best)
{
    public void WriteTo(Stream stream)
    {
        var tensors = new List<Safetensors.Tensor>
        {
            Safetensors.Of("sweeps", new[] { Sweeps, FinalSweeps, Best is null ? 0 : 1 }),
            Safetensors.Of("figures", Figures),
            Safetensors.Of("customer_factors", Factors.Customers),
            Safetensors.Of("item_factors", Factors.Items),
        };
        if (Best is not null) tensors.AddRange([Safetensors.Of("best_customer_factors", Best.Customers), Safetensors.Of("best_item_factors", Best.Items)]);
        Safetensors.Write(stream, tensors);
    }

    /// <exception cref="InvalidModelException">It is none.</exception>
    public static SweepState ReadFrom(Stream stream)
    {
        var reader = new SafetensorsReader(stream, "checkpoint");
        int[] sweeps = reader.Ints("sweeps");
        if (sweeps.Length != 3) throw new InvalidModelException($"The checkpoint has {sweeps.Length} counts of sweeps; 3 are expected.");
        float[] figures = reader.Floats("figures");
        var factors = new FactorPair(reader.Matrix("customer_factors"), reader.Matrix("item_factors"));
        FactorPair? best = sweeps[2] == 0 ? null : new FactorPair(reader.Matrix("best_customer_factors"), reader.Matrix("best_item_factors"));
        reader.End();
        return new SweepState(sweeps[0], sweeps[1], figures, factors, best);
    }
}

/// <summary>Both sides' factors.</summary>
internal sealed record FactorPair(FactorMatrix Customers, FactorMatrix Items)
{
    public FactorPair Copy()
    {
        var copy = new FactorPair(new FactorMatrix(Customers.Rows, Customers.Factors), new FactorMatrix(Items.Rows, Items.Factors));
        CopyTo(copy);
        return copy;
    }

    /// <summary>Into matrices of the same sizes.</summary>
    public void CopyTo(FactorPair other)
    {
        Customers.Padded.CopyTo(other.Customers.Padded);
        Items.Padded.CopyTo(other.Items.Padded);
    }
}
