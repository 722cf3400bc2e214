using System.Numerics;

namespace Recommender.Catalogue;

/// <summary>A small number an item, in as many bytes as the numbers need. Written by one at a time, read by any number of threads.</summary>
internal abstract class Codes
{
    /// <param name="length">How many items; all have 0.</param>
    public static Codes Of(int length) => new In<byte>(length);

    public abstract int this[int item] { get; }

    /// <summary>False where it takes <see cref="Wider"/> ones.</summary>
    public abstract bool TryPut(int item, int code);

    /// <summary>The same with room for larger numbers.</summary>
    public abstract Codes Wider();

    public abstract Codes Grown(int length);

    /// <param name="numbers">Each item's new number by its present one; -1 where there is none.</param>
    public abstract Codes Renumbered(int length, ReadOnlySpan<int> numbers);

    /// <summary>What a table has for each of 64 items.</summary>
    /// <param name="word">Of the items, as in a mask.</param>
    /// <param name="table">By number; the last one is for all numbers from there on.</param>
    public abstract void LookUp(int word, ReadOnlySpan<Verdict> table, Span<byte> found);

    private sealed class In<T>(int length) : Codes
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        private readonly T[] _codes = new T[(length + 63) & ~63];

        public override int this[int item] => int.CreateTruncating(_codes[item]);

        public override bool TryPut(int item, int code)
        {
            if (code > int.CreateSaturating(T.MaxValue)) return false;
            _codes[item] = T.CreateTruncating(code);
            return true;
        }

        public override Codes Wider() => typeof(T) == typeof(byte) ? To<ushort>() : To<int>();

        public override Codes Grown(int length)
        {
            var grown = new In<T>(length);
            _codes.CopyTo(grown._codes, 0);
            return grown;
        }

        public override Codes Renumbered(int length, ReadOnlySpan<int> numbers)
        {
            var renumbered = new In<T>(length);
            for (int item = 0; item < numbers.Length; item++)
            {
                if (numbers[item] >= 0) renumbered._codes[numbers[item]] = _codes[item];
            }
            return renumbered;
        }

        public override void LookUp(int word, ReadOnlySpan<Verdict> table, Span<byte> found)
        {
            ReadOnlySpan<T> codes = _codes.AsSpan(64 * word, 64);
            for (int i = 0; i < codes.Length; i++) found[i] = (byte)table[Math.Min(int.CreateTruncating(codes[i]), table.Length - 1)];
        }

        private In<TWider> To<TWider>()
            where TWider : unmanaged, IBinaryInteger<TWider>, IMinMaxValue<TWider>
        {
            var wider = new In<TWider>(_codes.Length);
            for (int item = 0; item < _codes.Length; item++) wider._codes[item] = TWider.CreateTruncating(_codes[item]);
            return wider;
        }
    }
}
